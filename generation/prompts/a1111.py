"""Takes over a prompt that was written for AUTOMATIC1111's web UI and its relatives, when somebody asks for it.

What such a text says about words, weights, adapters and numbers is said in our language; what cannot be said is told.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from generation.prompts.a1111_settings import read_settings
from generation.prompts.choices import MAX_ADAPTERS
from generation.prompts.emphasis import Stretch, read_emphasis
from generation.prompts.lexer import Lexed, escaped, lex, one_line
from generation.prompts.parameters import BY_NAME
from generation.prompts.problems import Findings, Fix
from generation.prompts.values import BadValueError
from generation.prompts.weights import MAX_PARTS
from mjweb.common.saying import say

_NEGATIVE: Final = re.compile(r"(?<!\S)Negative prompt:")
_SETTINGS: Final = re.compile(r"(?<![^\s,])Steps:\s*[0-9]+\s*(?:,|\Z)")
_NETWORK: Final = re.compile(
    r"<(?P<kind>[a-z]{1,12}):(?P<name>[^<>:\s]{1,120})(?::(?P<weight>[^<>:\s]{1,12}))?[^<>]{0,60}>"
)
_ADAPTERS: Final = frozenset({"lora", "lyco"})
_ALTERNATIVES: Final = re.compile(r"\[([^\[\]|:]{0,200})(?:\|[^\[\]]{0,400}|:[^\[\]:]{0,200}:\s*[0-9.]{1,9}\s*)\]")
_TOGETHER: Final = re.compile(r"(?<=\s)AND(?=\s)")
_BREAK: Final = re.compile(r"(?<!\S)BREAK(?!\S)")
_SHARE: Final = re.compile(r":\s*([0-9]{1,4}(?:\.[0-9]{0,4})?)\s*\Z")
_TELLING: Final = re.compile(r"\([^()]{1,200}:\s*[0-9]*\.?[0-9]+\s*\)|<(?:lora|lyco):|(?<!\S)Negative prompt:")
_DASHES: Final = re.compile(r"(?<!\S)(?:-[-—–―]+|[—–―][-—–―]*)(?=[^\W\d_])")  # noqa: RUF001
_ADDRESS: Final = re.compile(r"(?:https?://|(?:image|upload):(?=[0-9a-f]{8}-))", re.IGNORECASE)
_UNPRINTABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(slots=True)
class Imported:
    """A prompt in our language.

    text: what may be typed here. notes: what it could not take over, as sentences.
    """

    text: str = ""
    notes: list[str] = field(default_factory=list)


def from_a1111(text: str) -> str:
    """The prompt in our language; `import_a1111` tells as well what it could not take over."""
    return import_a1111(text).text


def import_a1111(text: str) -> Imported:
    """Words, weights, adapters, the negative prompt and the numbers. Never fails; linear in the length of the text."""
    imported = Imported()
    words, negative, settings, ours = _divided(_UNPRINTABLE.sub("", text))
    words, loras = _without_networks(words, imported)
    positive = " ".join(_weighted(words, imported))
    kept_out = ", ".join(_phrases(negative, imported))
    numbers = read_settings(settings, imported.notes)
    adapters = f"--lora {' '.join(loras)}" if loras else ""
    pieces = (positive, f"--no {kept_out}" if kept_out else "", *numbers, adapters, ours)
    imported.text = " ".join(piece for piece in pieces if piece)
    return imported


def note_other_language(lexed: Lexed, findings: Findings) -> None:
    """`(cat:1.3)` is words; say so, and offer to convert it."""
    if _TELLING.search(lexed.mask, lexed.words_start, lexed.words_end) is None:
        return
    meant = from_a1111(lexed.text)
    if meant != lexed.text:
        sentence = say("This looks like the language of another program, and is read as words.")
        findings.warn("other_language", sentence, 0, len(lexed.text), Fix(say("Convert it"), meant))


def _divided(text: str) -> tuple[str, str, str, str]:
    """The words, the negative prompt, the settings, and the parameters of our own that stand at the end."""
    negative = _NEGATIVE.search(text)
    settings = deque(_SETTINGS.finditer(text, negative.end() if negative else 0), maxlen=1)
    if negative is None and not settings:
        lexed = lex(text)
        known = lexed.segments and all(segment.name in BY_NAME for segment in lexed.segments)
        end = lexed.words_end if known else len(text)
        return text[:end], "", "", text[end:].strip()
    end = settings[0].start() if settings else len(text)
    if negative is None:
        return text[:end], "", text[end:], ""
    return text[: negative.start()], text[negative.end() : end], text[end:], ""


def _without_networks(text: str, imported: Imported) -> tuple[str, list[str]]:
    """The text without `<lora:name:.8>`, and what these are in our language."""
    loras: list[str] = []
    kind = BY_NAME["lora"].kind
    for network in _NETWORK.finditer(text):
        try:
            use = kind.read(f"{network['name']}:{network['weight'] or 1}")
            spelled = kind.write((use,)) if network["kind"] in _ADAPTERS and len(loras) < MAX_ADAPTERS else ""
        except BadValueError as bad:
            spelled = bad.use or ""
        if spelled:
            loras.append(spelled)
        else:
            imported.notes.append(say("{what} is left out.", what=network[0]))
    return _NETWORK.sub(" ", text), loras


def _weighted(text: str, imported: Imported) -> Iterator[str]:
    """The words as parts: each concept whole, and beside it what weighs more or less in it."""
    parts = [part for concept in _TOGETHER.split(_chosen(text, imported)) for part in _parts(concept)]
    if len(parts) > MAX_PARTS:
        imported.notes.append(say("Only the {count} strongest weights are taken over.", count=MAX_PARTS))
        strongest = sorted(parts, key=lambda part: -abs(part.weight))[:MAX_PARTS]
        parts = [part for part in parts if part in strongest][:MAX_PARTS]
    if sum(part.weight for part in parts) <= 0:
        parts = [part for part in parts if part.weight > 0]
    if len(parts) == 1:
        yield parts[0].text
        return
    for part in parts:
        yield f"{part.text} ::{part.weight:g}"


def _chosen(text: str, imported: Imported) -> str:
    """The text with the first of `[a|b]` and of `[a:b:.5]`, which no single picture shows both of."""
    if _ALTERNATIVES.search(text):
        imported.notes.append(say("Of words that take turns, [a|b] and [a:b:.5], the first ones are taken."))
    return _BREAK.sub(" ", _ALTERNATIVES.sub(r"\1", text))


def _parts(concept: str) -> Iterator[Stretch]:
    share = _SHARE.search(concept)
    weight = float(share[1]) if share else 1.0
    stretches = read_emphasis(concept[: share.start()] if share else concept)
    whole = _said("".join(stretch.text for stretch in stretches))
    if not whole or not weight:
        return
    yield Stretch(whole, weight)
    if len(stretches) > 1:
        for stretch in stretches:
            beside, text = round((stretch.weight - 1) * weight, 2), _said(stretch.text).strip(" ,.;")
            if beside and any(letter.isalnum() for letter in text):
                yield Stretch(text, beside)


def _phrases(text: str, imported: Imported) -> Iterator[str]:
    words, _ = _without_networks(text, imported)
    stretches = read_emphasis(_BREAK.sub(" ", words))
    if any(stretch.weight != 1 for stretch in stretches):
        imported.notes.append(say("Words to be kept out have no weights here."))
    plain = _said("".join(stretch.text for stretch in stretches))
    return (phrase.strip() for phrase in plain.split(",") if phrase.strip())


def _said(text: str) -> str:
    """The words as they may be typed here: nothing in them reads as a weight, a parameter or an image."""
    apart = re.sub(r":(?=:)", ": ", _ADDRESS.sub("", text))
    return escaped(one_line(_DASHES.sub("- ", one_line(apart)).replace('"', "'").replace("“", "'").replace("”", "'")))
