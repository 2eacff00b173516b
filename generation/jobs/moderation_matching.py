"""Looks for words and phrases in the text of a prompt, whatever they are disguised as, in time linear in the text.

Case, width, accents, look-alike letters of other alphabets, digits for letters, letters that are drawn out and letters
that stand apart do not hide a word; a word within another one is not found unless the pattern says so with `*`. Scripts
without spaces have no borders of words: there a pattern is found anywhere. Knows no Django and no rows.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import groupby
from typing import Final

LONGEST_WORD: Final = 64
"""Longer runs of letters are cut: no word is so long, and a wildcard never looks further."""
APART: Final = 3
"""From so many single letters in a row on they are read as one word."""
_ACCENTS: Final = re.compile("[\u0300-\u036f]")
_UNSEEN: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
_WORD: Final = re.compile(rf"[^\W_]{{1,{LONGEST_WORD}}}")
_PATTERN_WORD: Final = re.compile(r"[^\W_*]*(?:\*[^\W_*]*)*")
_UNSPACED: Final = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_DRAWN_OUT: Final = re.compile(r"(.)\1{2,}")
_ALIKE: Final = str.maketrans(
    "аеорсухіјѕԁһӏкмтвнαεορτυχικνβηω",
    "aeopcyxijsdhlkmtbhaeoptuxikvbhw",
)
_MARKS: Final = str.maketrans({"@": "a", "$": "s", "€": "e", "!": "i", "+": "t"})
_DIGITS: Final = str.maketrans("013457896", "oieastbgb")
_DIGITS_L: Final = str.maketrans("013457896", "oleastbgb")


@dataclass(frozen=True)
class Words:
    """A text as it is looked through: each of `forms` is its words with one space around each."""

    forms: tuple[str, ...]
    unspaced: str

    def has(self, pattern: Pattern) -> bool:
        """Whether the pattern is in it."""
        if pattern.is_unspaced:
            return pattern.bare in self.unspaced
        if pattern.is_open_within:
            return any(pattern.steps_through(words) for words in self._lists)
        return any(pattern.text in form for form in self.forms)

    @cached_property
    def _lists(self) -> list[list[str]]:
        return [form.split() for form in self.forms]


@dataclass(frozen=True)
class Pattern:
    """A word or a phrase; `*` stands for any letters of one word."""

    parts: tuple[str, ...]

    @classmethod
    def read(cls, line: str) -> Pattern | None:
        """The pattern of a line; None where it has no letter."""
        words = [_collapsed(word) for word in _PATTERN_WORD.findall(_plain(line)) if word.strip("*")]
        return cls(tuple(words)) if words else None

    @cached_property
    def bare(self) -> str:
        """Its letters without spaces."""
        return "".join(self.parts).replace("*", "")

    @cached_property
    def is_unspaced(self) -> bool:
        """Whether its script has no spaces."""
        return bool(_UNSPACED.search(self.bare))

    @cached_property
    def text(self) -> str:
        """What stands for it in a form, where only its ends are open."""
        text = " ".join(self.parts)
        start, end = ("" if text.startswith("*") else " "), ("" if text.endswith("*") else " ")
        return f"{start}{text.strip('*')}{end}"

    @cached_property
    def is_open_within(self) -> bool:
        """Whether a `*` stands elsewhere than at its ends: then it is looked for word by word."""
        return "*" in self.text

    def steps_through(self, words: Sequence[str]) -> bool:
        """Whether it is among these words."""
        last = len(words) - len(self.parts) + 1
        return any(all(_fits(words[at + i], part) for i, part in enumerate(self.parts)) for at in range(max(0, last)))


def read_patterns(text: str) -> tuple[Pattern, ...]:
    """One pattern per line; lines without a letter, and those that begin with #, are left out."""
    lines = (line.strip() for line in text.splitlines())
    read = (_cached(line) for line in lines if line and not line.startswith("#"))
    return tuple(pattern for pattern in read if pattern is not None)


def words_of(text: str) -> Words:
    """The text as it is looked through."""
    plain = _plain(text)
    words = [_collapsed(word) for word in _WORD.findall(plain)]
    folded = plain.translate(_ALIKE)
    marked = _marks_within(folded)
    forms = [
        words,
        [_collapsed(word) for word in _WORD.findall(folded)],
        [_collapsed(_letters(word, _DIGITS)) for word in _WORD.findall(marked)],
        [_collapsed(_letters(word, _DIGITS_L)) for word in _WORD.findall(marked)],
    ]
    forms += [list(_joined(form)) for form in forms]
    return Words(tuple(dict.fromkeys(f" {' '.join(form)} " for form in forms)), "".join(words))


@lru_cache(maxsize=20_000)
def _cached(line: str) -> Pattern | None:
    return Pattern.read(line)


def _plain(text: str) -> str:
    """One spelling: compatible forms, case and accents folded, nothing that cannot be seen."""
    folded = unicodedata.normalize("NFKC", _UNSEEN.sub("", text)).casefold()
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", folded)))


def _collapsed(word: str) -> str:
    """Letters that are drawn out, once each: `nuuude`."""
    return _DRAWN_OUT.sub(r"\1", word)


def _marks_within(text: str) -> str:
    """Signs that stand for letters, where they stand beside one."""
    return re.sub(
        r"(?<=[^\W_])[@$€!+](?=[^\W_])|(?<![^\W_])[@$€](?=[^\W_])", lambda sign: sign[0].translate(_MARKS), text
    )


def _letters(word: str, table: dict[int, int]) -> str:
    """Digits as the letters that they look like, in a word that has letters."""
    return word.translate(table) if any(letter.isalpha() for letter in word) else word


def _joined(words: Iterable[str]) -> Iterator[str]:
    """Single letters that stand apart become one word: `n u d e`."""
    for is_letter, group in groupby(words, key=lambda word: len(word) == 1):
        run = list(group)
        if is_letter and len(run) >= APART:
            yield _collapsed("".join(run))
        else:
            yield from run


def _fits(word: str, glob: str) -> bool:
    """Whether a word is what a pattern's word says; `*` stands for any letters, and never goes back."""
    if "*" not in glob:
        return word == glob
    first, *middle, last = glob.split("*")
    if not word.startswith(first) or not word.endswith(last) or len(word) < len(first) + len(last):
        return False
    at, end = len(first), len(word) - len(last)
    for piece in middle:
        found = word.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return True
