"""Reads `::` and the numbers behind it into weighted parts.

Rules: exactly two colons part the words, one or three and more are text. A number is a weight when it
touches the colons and white space follows it; a missing one is 1. Only proportions count. A part without
words is refused, except that nothing need follow the last `::`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from generation.contracts import PromptPart
from generation.prompts.lexer import Lexed, is_visible
from generation.prompts.naming import short
from generation.prompts.problems import Findings, Fix
from generation.prompts.proportions import MAX_DIGITS, MAX_WEIGHT, smallest_whole
from mjweb.common.saying import say

MAX_PARTS = 10  # every part is one more row in each step of the engine

_SEPARATOR = re.compile(r"(?<!:)::(?!:)")
_SIGN = "[-+−–]?"  # noqa: RUF001 - minus signs as phones and word processors type them
_PLAIN = r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
_WEIGHT = re.compile(rf"{_SIGN}{_PLAIN}(?=\s|\Z)")
_ODD_NUMBER = re.compile(
    rf"(?:{_SIGN}(?:{_PLAIN}e[-+]?[0-9]+|[0-9]+,[0-9]+|nan|inf)|[-+]infinity)(?=\s|\Z)", re.IGNORECASE
)
_BEGINS_AS_NUMBER = re.compile(rf"{_SIGN}{_PLAIN}[^\s:]*")
_MINUS = str.maketrans("−–", "--")  # noqa: RUF001


@dataclass(frozen=True, slots=True)
class _Part:
    """A part as typed. start..end: columns of its `::` and number (empty where none is typed)."""

    text: str
    weight: Fraction
    start: int
    end: int


def read_parts(lexed: Lexed, findings: Findings) -> tuple[PromptPart, ...]:
    """The weighted parts of the words; what is wrong goes into the findings.

    Returns none when there are no words, or when a problem leaves nothing sensible.
    """
    before = len(findings.problems)
    typed = _typed_parts(lexed, findings)
    _refuse_too_many(typed, findings)
    if len(findings.problems) > before:
        return ()
    if not typed:
        _refuse_no_words(lexed, findings)
        return ()
    kept = _without_zeros(typed, findings)
    if sum(part.weight for part in kept) <= 0:
        _refuse_sum(typed, findings)
        return ()
    return _in_proportion(kept, findings)


def _refuse_no_words(lexed: Lexed, findings: Findings) -> None:
    """Two images are a blend; one alone says nothing, and none at all less."""
    if not lexed.images:
        findings.refuse("no_words", say("There are no words yet. Say what the picture shows."), 0, 0)
    elif len(lexed.images) == 1:
        sentence = say("An image alone is no prompt. Add words, or a second image to blend it with.")
        findings.refuse("image_alone", sentence, *lexed.images[0])


def weight_marks(lexed: Lexed, start: int, end: int) -> list[tuple[int, int]]:
    """Columns of every `::` with its number within `start..end`."""
    found = _SEPARATOR.finditer(lexed.mask, start, end)
    return [(match.start(), _weight_end(lexed, match.end(), end)) for match in found]


def _weight_end(lexed: Lexed, at: int, end: int) -> int:
    weight = _WEIGHT.match(lexed.mask, at, end)
    return weight.end() if weight else at


def _typed_parts(lexed: Lexed, findings: Findings) -> list[_Part]:
    begin, close = lexed.words_start, lexed.words_end
    marks = [(begin, begin), *weight_marks(lexed, begin, close), (close, close)]
    parts: list[_Part] = []
    for (_, words_start), (start, end) in pairwise(marks):
        if is_visible(lexed.text[words_start:start]):
            text = lexed.written(words_start, start)
            parts.append(_Part(text, _weight(lexed, start, end, findings), start, end))
        elif start < close:
            fix = Fix(say("Remove it"), "")
            findings.refuse("empty_part", say("Nothing stands before this ::."), start, end, fix)
    return parts


def _weight(lexed: Lexed, start: int, end: int, findings: Findings) -> Fraction:
    """The number of the mark at `start..end`; 1 where none is typed."""
    number = lexed.text[start + 2 : end].translate(_MINUS)
    if not number:
        _note_near_number(lexed, end, findings)
        return Fraction(1)
    weight = Fraction(number) if len(number) <= MAX_DIGITS else Fraction(0)
    if abs(weight) > MAX_WEIGHT or len(number) > MAX_DIGITS:
        most = -MAX_WEIGHT if number.startswith("-") else MAX_WEIGHT
        sentence = say("Weights go from {least} to {most}.", least=-MAX_WEIGHT, most=MAX_WEIGHT)
        fix = Fix(say("Use {value}", value=f"::{most}"), f"::{most}")
        findings.refuse("weight_out_of_range", sentence, start, end, fix)
    return weight


def _note_near_number(lexed: Lexed, at: int, findings: Findings) -> None:
    """Say something where a number touches the colons and yet is no weight."""
    odd = _ODD_NUMBER.match(lexed.mask, at, lexed.words_end)
    if odd:
        plain = odd[0].replace(",", ".")
        fix = Fix(say("Use {value}", value=short(plain)), plain) if "," in odd[0] else None
        sentence = say(
            "“{shown}” is not a weight. A weight is a plain number, such as ::2 or ::-.5.", shown=short(odd[0])
        )
        findings.refuse("bad_weight", sentence, *odd.span(), fix)
    elif near := _BEGINS_AS_NUMBER.match(lexed.mask, at, lexed.words_end):
        sentence = say("“{shown}” was read as words. A weight ends with a space.", shown=short(near[0]))
        findings.warn("weight_read_as_words", sentence, *near.span())


def _refuse_too_many(parts: list[_Part], findings: Findings) -> None:
    if len(parts) > MAX_PARTS:
        sentence = say(
            "A prompt has at most {most} parts between ::. This one has {count}.", most=MAX_PARTS, count=len(parts)
        )
        findings.refuse("too_many_parts", sentence, parts[MAX_PARTS - 1].start, parts[-1].start)


def _without_zeros(parts: list[_Part], findings: Findings) -> list[_Part]:
    for part in parts:
        if not part.weight:
            sentence = say("Weight 0 leaves out “{shown}”.", shown=short(part.text))
            findings.warn("part_left_out", sentence, part.start, part.end)
    return [part for part in parts if part.weight]


def _refuse_sum(parts: list[_Part], findings: Findings) -> None:
    lowest = min(parts, key=lambda part: part.weight)
    others = sum(part.weight for part in parts) - lowest.weight
    number = f"{float(-others / 2):.3f}".rstrip("0").rstrip(".").replace("-0.", "-.") if others else "1"
    # Where the others alone are negative too, no single number mends the sum.
    fix = Fix(say("Use {value}", value=f"::{number}"), f"::{number}") if others >= 0 else None
    sentence = say("The weights must add up to more than 0.")
    findings.refuse("weights_sum", sentence, lowest.start, lowest.end, fix)


def _in_proportion(parts: list[_Part], findings: Findings) -> tuple[PromptPart, ...]:
    """The parts with the smallest whole weights of the same proportion, so that equal meaning is equal."""
    whole = smallest_whole([part.weight for part in parts])
    if whole is None:
        if not any(abs(part.weight) > MAX_WEIGHT for part in parts):
            finest = max(parts, key=lambda part: part.end - part.start)
            sentence = say("These weights are too far apart or too finely written. Use whole numbers up to 1000.")
            findings.refuse("weights_too_fine", sentence, finest.start, finest.end)
        return ()
    return tuple(PromptPart(part.text, float(weight)) for part, weight in zip(parts, whole, strict=True))
