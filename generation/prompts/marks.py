"""What to color in a typed text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from generation.prompts.lexer import Lexed
from generation.prompts.problems import PromptProblem
from generation.prompts.weights import weight_marks

MarkKind = Literal["image", "param", "weight", "choice", "error"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of typed text to color. Columns are code points, `start < end`."""

    start: int
    end: int
    kind: MarkKind


def calm_marks(lexed: Lexed) -> list[Mark]:
    """What is colored whether there are problems or not."""
    images = [Mark(start, end, "image") for start, end in lexed.images]
    weights = [Mark(start, end, "weight") for start, end in weight_marks(lexed, lexed.words_start, lexed.words_end)]
    parameters = [Mark(segment.start, segment.end, "param") for segment in lexed.segments]
    return images + weights + parameters


def marks_of(text: str, calm: Iterable[Mark], problems: Iterable[PromptProblem]) -> tuple[Mark, ...]:
    """Marks without overlap, each without space at its ends: an error hides the color below it."""
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
