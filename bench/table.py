"""Lines of the printed table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import quantiles
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One measurement.

    name: what was measured, in the words of bench/README.md.
    value, unit: the figure; `x` marks a ratio.
    ours, theirs: the two sides of a ratio, where it has two, each with its unit.
    spread: smallest to largest of the repeats, or what else helps to read it.
    goal: what we want; None for a line that is there to be read along.
    better: which side of the goal is good.
    """

    name: str
    value: float
    unit: Literal["x", "ms", "s", "/s", "steps", "queries", "GFLOP/s", "TFLOP/s"]
    ours: str = ""
    theirs: str = ""
    spread: str = ""
    goal: float | None = None
    better: Literal["more", "less"] = "more"

    @property
    def verdict(self) -> str:
        """`ok`, `miss`, or nothing for a line without a goal."""
        if self.goal is None:
            return ""
        reached = self.value >= self.goal if self.better == "more" else self.value <= self.goal
        return "ok" if reached else "miss"

    def columns(self) -> tuple[str, ...]:
        """The line as text."""
        sign = {"more": "≥", "less": "≤"}[self.better]
        goal = "" if self.goal is None else f"{sign} {self.goal:g} {self.unit}"
        return self.name, self.ours, self.theirs, f"{self.value:.3g} {self.unit}", goal, self.verdict, self.spread


HEADINGS = ("measured", "ours", "theirs", "ratio or figure", "goal", "", "spread")


def print_table(lines: Iterable[Line]) -> list[Line]:
    """Prints the lines below their headings, in columns, those before a failure too; gives them."""
    kept: list[Line] = []
    try:
        kept.extend(lines)
    finally:
        _print(kept)
    return kept


def _print(kept: list[Line]) -> None:
    rows = [HEADINGS, *(line.columns() for line in kept)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def percentile(values: list[float], percent: int) -> float:
    """The value that `percent` of all are at most as large as."""
    return quantiles(values, n=100, method="inclusive")[percent - 1] if len(values) > 1 else values[0]


def span(values: list[float]) -> str:
    """Smallest to largest."""
    return f"{min(values):.3g} to {max(values):.3g} in {len(values)}"
