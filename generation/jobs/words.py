"""The words that a style puts around those of a prompt: of the house, of a preset, of a code.

A style does not weigh words inside a text: it stands around them whole, or it is a second text beside the bare words,
and the two are mixed by their weights as every multi-prompt is. So `--stylize` and `--sw` below 100 are exact shares,
at the cost of one more row per part; from 100 on nothing more is painted.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from generation.contracts import PromptPart, Vocabulary
from generation.prompts.styles import PRESETS, StylePreset
from generation.prompts.weights import MAX_PARTS

HOUSE: Final = ("highly detailed", "balanced composition", "beautiful light", "rich color", "depth", "artful")
"""What pictures are styled with where nobody chose a style, ever more of it with `--stylize`."""
PLAIN: Final = 100
"""The `--stylize` and `--sw` at which a style stands around the words whole."""
CODES: Final = 2**32
MIXED: Final = 2
"""Presets of one code."""
_WORD: Final = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Dress:
    """Words around words.

    negative: what the style keeps out. weight: relative to other dresses that are worn instead of it.
    """

    before: str = ""
    after: str = ""
    negative: tuple[str, ...] = ()
    weight: float = 1.0

    def on(self, text: str) -> str:
        """The text in it."""
        begun = " ".join(filter(None, [self.before, text]))
        return ", ".join(filter(None, [begun, self.after]))

    def over(self, inner: Dress) -> Dress:
        """Both at once, the other inside."""
        return Dress(
            before=" ".join(filter(None, [self.before, inner.before])),
            after=", ".join(filter(None, [inner.after, self.after])),
            negative=(*inner.negative, *self.negative),
            weight=inner.weight * self.weight,
        )


def house_dress(stylize: int) -> Dress:
    """What the house adds by itself: no word at 0, two at 100, all at 1000."""
    count = round(len(HOUSE) * (stylize / 1000) ** 0.5)
    return Dress(after=", ".join(HOUSE[:count]))


def preset_dress(name: str) -> Dress:
    """The words of a preset. Raises KeyError where there is none of this name."""
    return _of(PRESETS[name])


def code_dress(code: int, vocabulary: Vocabulary | None, *, weight: float = 1.0) -> Dress:
    """The style that a code stands for: two presets, the same ones for every prompt.

    vocabulary: of a model that knows only some words; presets that say nothing to it are left out.
    """
    names = sorted(name for name, preset in PRESETS.items() if is_understood(_of(preset), vocabulary)) or sorted(
        PRESETS
    )
    drawn: list[str] = []
    digest = hashlib.sha256(f"style {code}".encode()).digest()
    for at in range(0, MIXED * 4, 4):
        left = [name for name in names if name not in drawn] or names
        drawn.append(left[int.from_bytes(digest[at : at + 4], "big") % len(left)])
    first, second = (_of(PRESETS[name]) for name in drawn)
    both = second.over(first)
    return Dress(both.before, both.after, both.negative, weight)


def any_code() -> int:
    """A code for whoever wants to be surprised."""
    return secrets.randbelow(CODES)


def is_understood(dress: Dress, vocabulary: Vocabulary | None) -> bool:
    """Whether a model of these words knows any of a dress; one without a vocabulary knows all."""
    if vocabulary is None:
        return True
    return any(word in vocabulary.words for word in _WORD.findall(f"{dress.before} {dress.after}".lower()))


def dressed(
    parts: Sequence[PromptPart], dresses: Sequence[Dress], share: float, *, most: int = MAX_PARTS
) -> tuple[PromptPart, ...]:
    """The parts of a prompt in these dresses, beside themselves without any.

    dresses: worn instead of each other, by their weights; none leaves the parts as they are.
    share: 0 to 1, how much the dressed parts count against the bare ones.
    most: parts that there may be in the end. Where it would be more, it is one or the other, whichever counts more, in
        the dress that weighs most.

    What a prompt pushes away stays bare: nobody wants less of the style.
    """
    worn = [dress for dress in dresses if dress.on("")]
    if not worn or share <= 0:
        return tuple(parts)
    if len(parts) * (len(worn) + (share < 1)) > most:
        worn, share = [max(worn, key=lambda dress: dress.weight)], float(round(share))
    total = sum(dress.weight for dress in worn)
    made: list[PromptPart] = []
    for part in parts:
        if part.weight < 0 or share == 0:
            made.append(part)
            continue
        made += [PromptPart(one.on(part.text), part.weight * share * one.weight / total) for one in worn]
        if share < 1:
            made.append(PromptPart(part.text, part.weight * (1 - share)))
    return tuple(made)


def _of(preset: StylePreset) -> Dress:
    return Dress(preset.before, preset.after, tuple(preset.negative))
