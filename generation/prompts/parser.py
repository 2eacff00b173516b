"""Reads typed text into a `PromptSpec`, or tells everything that keeps it from being one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from generation.contracts import PromptPart
from generation.prompts.lexer import Lexed, lex, one_line
from generation.prompts.parameters import BY_NAME
from generation.prompts.problems import Findings, Fix, PromptErrors, PromptProblem
from generation.prompts.reading import Values, read_parameters
from generation.prompts.spec import PromptSpec
from generation.prompts.weights import read_parts, weight_marks

MAX_CHARACTERS = 2000
# Canonical text is at times longer than what was typed (`a::b` is `a::1 b::1`) and must parse again. The
# limit that people are told is therefore one of words; this one is of everything typed, spaces included.
MAX_TYPED = 2 * MAX_CHARACTERS

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]+")
_NO_SPACE_BEFORE = re.compile(r"(?<=[^\s-])--([^\W\d_]\w*)")

MarkKind = Literal["param", "weight", "error"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of typed text to color. Columns are code points, `start < end`."""

    start: int
    end: int
    kind: MarkKind


@dataclass(frozen=True, slots=True)
class Reading:
    """All there is to say about a typed text.

    spec: None when there are problems. marks: in order, none overlaps another.
    """

    spec: PromptSpec | None
    problems: tuple[PromptProblem, ...]
    warnings: tuple[PromptProblem, ...]
    marks: tuple[Mark, ...]


def parse(text: str, *, models: Sequence[str] | None = None) -> PromptSpec:
    """The meaning of a typed prompt. Raises PromptErrors with every problem at once, and nothing else.

    models: the names of models that there are; None takes any.
    """
    reading = check(text, models=models)
    if reading.spec is None:
        raise PromptErrors(reading.problems)
    return reading.spec


def scan(text: str) -> tuple[Mark, ...]:
    """What to color in a text while it is typed. Never fails."""
    return check(text).marks


def check(text: str, *, models: Sequence[str] | None = None) -> Reading:
    """Reads the text without raising: the spec or the problems, the warnings and what to color.

    models: the names of models that there are; None takes any.
    """
    if len(text) > MAX_TYPED:
        problem = _too_long(len(text), len(text))
        return Reading(None, (problem,), (), _marks(text, [], [problem]))
    lexed = lex(text)
    findings = Findings()
    _refuse_unprintable(text, findings)
    parts = read_parts(lexed, findings)
    values = read_parameters(lexed, findings, models)
    _refuse_too_long(lexed, parts, values, findings)
    _note_missing_spaces(lexed, findings)
    problems = _in_reading_order(findings.problems)
    refused = {problem.start for problem in problems}
    warnings = _in_reading_order(warning for warning in findings.warnings if warning.start not in refused)
    spec = None if problems else _spec(lexed, parts, values, warnings)
    return Reading(spec, problems, warnings, _marks(text, _calm_marks(lexed), problems))


def _in_reading_order(problems: Iterable[PromptProblem]) -> tuple[PromptProblem, ...]:
    return tuple(sorted(problems, key=lambda problem: (problem.start, problem.end)))


def _spec(
    lexed: Lexed, parts: tuple[PromptPart, ...], values: Values, warnings: tuple[PromptProblem, ...]
) -> PromptSpec:
    given = frozenset(parameter.name for parameter in values.given.values())
    text = one_line(lexed.text[: lexed.words_end])
    return PromptSpec(parts=parts, given=given, text=text, warnings=warnings, **values.fields)


def _refuse_unprintable(text: str, findings: Findings) -> None:
    for match in _UNPRINTABLE.finditer(text):
        sentence = "A character here cannot be shown or stored."
        findings.refuse("unprintable", sentence, *match.span(), Fix("Remove it", ""))


def _refuse_too_long(lexed: Lexed, parts: tuple[PromptPart, ...], values: Values, findings: Findings) -> None:
    words = sum(len(part.text) for part in parts) + sum(len(item) + 2 for item in values.fields["negative"])
    if words > MAX_CHARACTERS:
        findings.problems.append(_too_long(words, len(lexed.text)))


def _too_long(length: int, end: int) -> PromptProblem:
    sentence = f"This prompt has {length:,} characters. The most is {MAX_CHARACTERS:,}."
    return PromptProblem("too_long", sentence, min(MAX_CHARACTERS, end), end)


def _note_missing_spaces(lexed: Lexed, findings: Findings) -> None:
    """`poppies--ar 2:3` is words, as hyphens in words are; say so when a parameter's name is in them."""
    read_as_parameters = {segment.start for segment in lexed.segments}
    for match in _NO_SPACE_BEFORE.finditer(lexed.mask):
        if match[1].lower() in BY_NAME and match.start() not in read_as_parameters:
            sentence = f"{match[0]} was read as words. A parameter has a space before it."
            findings.warn("missing_space", sentence, *match.span(), Fix("Put a space there", f" {match[0]}"))


def _calm_marks(lexed: Lexed) -> list[Mark]:
    weights = [Mark(start, end, "weight") for start, end in weight_marks(lexed, 0, lexed.words_end)]
    parameters = [Mark(segment.start, segment.end, "param") for segment in lexed.segments]
    return weights + parameters


def _marks(text: str, calm: Iterable[Mark], problems: Iterable[PromptProblem]) -> tuple[Mark, ...]:
    """Marks without overlap: an error hides the color below it."""
    colors: list[tuple[int, MarkKind] | None] = [None] * len(text)
    errors = (Mark(problem.start, problem.end, "error") for problem in problems)
    for mark in (*calm, *errors):
        colors[mark.start : mark.end] = [(mark.start, mark.kind)] * (mark.end - mark.start)
    marks: list[Mark] = []
    at = 0
    for color, stretch in groupby(colors):
        end = at + sum(1 for _ in stretch)
        shown = text[at:end].strip()
        if color is not None and shown:
            start = text.index(shown, at)
            marks.append(Mark(start, start + len(shown), color[1]))
        at = end
    return tuple(marks)
