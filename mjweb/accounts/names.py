"""Which names people may take: readable, of one script, not official, and not to be mistaken for somebody else's.

The skeleton is the idea of Unicode Technical Standard #39: two names that look alike have the same one. The table below
is the part of its `confusables.txt` that names of the scripts allowed here can reach; other letters are refused.
"""

# ruff: noqa: RUF001 - letters that look like others are what this file is about

from __future__ import annotations

import unicodedata
from typing import Final

from django.utils.translation import gettext as _

from mjweb.common.errors import InvalidInputError
from mjweb.common.saying import sayable

MIN_CHARS: Final = 2
MAX_CHARS: Final = 40
MARKS: Final = frozenset("._-")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


SCRIPTS: Final = _words(
    "LATIN GREEK CYRILLIC ARMENIAN HEBREW ARABIC DEVANAGARI BENGALI GURMUKHI GUJARATI ORIYA TAMIL TELUGU KANNADA "
    "MALAYALAM SINHALA THAI LAO TIBETAN MYANMAR GEORGIAN HANGUL ETHIOPIC KHMER HIRAGANA KATAKANA BOPOMOFO CJK"
)
TOGETHER: Final = (
    frozenset({"LATIN", "CJK", "HIRAGANA", "KATAKANA"}),
    frozenset({"LATIN", "CJK", "BOPOMOFO"}),
    frozenset({"LATIN", "CJK", "HANGUL"}),
)
"""Scripts that people of one language write in one word; the highly restrictive profile of UTS #39."""

RESERVED: Final = _words(
    "about account accounts admin administrator administration all anonymous api app bot channel collections contact "
    "create deleted editor everybody everyone explore feed feeds groups guest help here home images info jobs login "
    "logout mail me media midjourney mj mjweb mod moderation moderator moderators new nobody noreply notifications "
    "null official operator owner people postmaster privacy root search security server settings signin signup "
    "spotlight staff static status superuser support sysadmin system team terms undefined unknown user webmaster you"
)

_LOOKS: Final = str.maketrans(
    # Digits and Latin letters
    {"0": "o", "1": "l", "I": "l", "m": "rn", "w": "vv", "ı": "i", "ǀ": "l", "ƿ": "p", "-": "_", ".": "_"}
    # Cyrillic
    | dict(zip("АВЕЅІЈКМНОРСТУХ", "ABESlJKMHOPCTYX", strict=True))
    | dict(zip("аеѕіјкморстухһӏԁԛԝг", "aesijkmopctyxhldqwr", strict=True))
    # Greek
    | dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHlKMNOPTYX", strict=True))
    | dict(zip("αγικνορσςτυχ", "ayikvopootux", strict=True))
    # Armenian
    | dict(zip("ՍՕՏԼօսոհցզ", "UOSLounhgq", strict=True))
    # Katakana and Hiragana that look like ideographs or like each other
    | dict(zip("ロニカタトエハーヘリ", "口二力夕卜工八一へり", strict=True))
)


class NameRefusedError(InvalidInputError):
    """Nobody may be called so."""

    code = "name_refused"
    title = sayable("This name cannot be taken")


def skeleton(name: str) -> str:
    """What a name looks like: equal for names that people would mistake for each other, whatever their case."""
    shown = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", name)).translate(_LOOKS)
    return shown.casefold().translate(_LOOKS)


def readable_name(typed: str) -> str:
    """The name as it is kept: full-width and composed letters in their usual form.

    Raises:
        NameRefusedError: it is too short or too long, has other signs, mixes scripts, is a number or sounds official.
    """
    name = unicodedata.normalize("NFKC", typed.strip())
    if refusal := _refusal(name):
        raise NameRefusedError(refusal, parameter="username")
    return name


def _refusal(name: str) -> str:
    if not MIN_CHARS <= len(name) <= MAX_CHARS:
        return _("A name has %(least)d to %(most)d letters.") % {"least": MIN_CHARS, "most": MAX_CHARS}
    if strange := next((char for char in name if not _is_readable(char)), None):
        return _("A name has letters, digits, dots, hyphens and underscores, no “%(sign)s”.") % {"sign": strange}
    if not (name[0].isalnum() and name[-1] not in MARKS):
        return _("A name begins and ends with a letter or a digit.")
    return _mistake(name)


def _mistake(name: str) -> str:
    """Why people would take this name for something else."""
    if all(char.isdigit() or char in MARKS for char in name):
        return _("A name has a letter in it.")
    if not _is_of_one_hand({_script(char) for char in name if not _is_neutral(char)}):
        return _("A name keeps to one script: letters of several can look like another name.")
    if _official(name) in _OFFICIAL:
        return _("This name sounds official. Take another.")
    return ""


def _is_neutral(char: str) -> bool:
    return char in MARKS or (char.isascii() and char.isdigit())


def _is_readable(char: str) -> bool:
    """A letter or a vowel sign of a living script; phonetic letters, which only look like Latin ones, are none."""
    if _is_neutral(char):
        return True
    if unicodedata.category(char)[0] not in "LM" or _script(char) not in SCRIPTS:
        return False
    return _script(char) != "LATIN" or char < "\u0250" or "\u1e00" <= char <= "\u1eff"


def _script(char: str) -> str:
    """The first word of the letter's name: Python knows no script property."""
    word = unicodedata.name(char, "").split(" ")[0].split("-")[0]
    return "CJK" if word == "IDEOGRAPHIC" else word


def _is_of_one_hand(scripts: set[str]) -> bool:
    return len(scripts) == 1 or any(scripts <= together for together in TOGETHER)


def _official(name: str) -> str:
    """The skeleton, stricter: without marks, and `adm1n` is `admin`."""
    return skeleton(name).replace("l", "i").replace("_", "").replace("3", "e").replace("5", "s").replace("4", "a")


_OFFICIAL: Final = frozenset(map(_official, RESERVED))
