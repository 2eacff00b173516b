"""Reads `(more)`, `[less]` and `(exactly:1.3)`, as other programs write the weight of words.

The grammar is that of AUTOMATIC1111's web UI: a round bracket multiplies by 1.1, a square one divides by it, a number
after a colon takes the place of 1.1, a backslash makes a bracket an ordinary one, and brackets nest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from math import exp, log
from typing import Final

STEP: Final = 1.1
_MOST: Final = 10.0
_TOKEN = re.compile(r"\\[\\()\[\]]|[(\[]|:\s{0,9}(?P<number>[0-9]{1,4}(?:\.[0-9]{0,9})?|\.[0-9]{1,9})\s{0,9}\)|[)\]]")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words of one weight; 1 where nothing is said."""

    text: str
    weight: float


def read_emphasis(text: str) -> tuple[Stretch, ...]:
    """The words in stretches of equal weight, without the brackets. Never fails; linear in the length of the text."""
    chunks: list[str] = [""]
    changes = [0.0]  # by how much the logarithm of the weight changes where each chunk begins
    open_: list[tuple[str, int]] = []
    at = 0
    for token in _TOKEN.finditer(text):
        chunks[-1] += text[at : token.start()]
        at = token.end()
        mark = token[0]
        if mark.startswith("\\"):
            chunks[-1] += mark[1]
        elif mark in "([":
            open_.append((mark, len(chunks)))
            _begin(chunks, changes)
        elif open_ and open_[-1][0] == ("[" if mark == "]" else "("):
            _, start = open_.pop()
            factor = _factor(mark, token["number"])
            changes[start] += factor
            _begin(chunks, changes)
            changes[-1] -= factor
        else:
            chunks[-1] += mark
    chunks[-1] += text[at:]
    return tuple(_joined(chunks, changes))


def _begin(chunks: list[str], changes: list[float]) -> None:
    chunks.append("")
    changes.append(0.0)


def _factor(mark: str, number: str | None) -> float:
    if number is not None:
        return log(min(max(float(number), 1 / _MOST), _MOST))
    return -log(STEP) if mark == "]" else log(STEP)


def _joined(chunks: list[str], changes: list[float]) -> Iterator[Stretch]:
    """Chunks of one weight as one; a weight is told to two digits behind the point."""
    text, weight = "", 1.0
    for chunk, height in zip(chunks, accumulate(changes), strict=True):
        its = round(min(max(exp(height), 1 / _MOST), _MOST), 2)
        if chunk and its != weight and text:
            yield Stretch(text, weight)
            text = ""
        if chunk:
            text, weight = text + chunk, its
    if text:
        yield Stretch(text, weight)
