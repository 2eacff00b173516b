"""Numbers over time as shapes of an SVG: bars and lines, their grid and their labels. Knows no rows and no page."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

WIDTH: Final = 640
HEIGHT: Final = 180
LEFT: Final = 44
BOTTOM: Final = 22
TOP: Final = 8
GAP: Final = 0.25
"""Of a bar's place, between it and the next."""
LABELS: Final = 7
"""Below a plot at most."""


@dataclass(frozen=True, slots=True)
class Series:
    """One number per place; None where there is none. is_line: drawn as a line, else as bars."""

    name: str
    values: Sequence[float | None]
    is_line: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, in units of the view box."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Tick:
    """A label and where it stands, in units of the view box."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Plot:
    """Some series of one unit over the same places.

    key: of its heading's id. places: what each place is called. rows: the table that says the same.
    """

    key: str
    title: str
    unit: str
    places: Sequence[str]
    series: Sequence[Series]
    note: str = ""
    view_box: str = field(default=f"0 0 {WIDTH} {HEIGHT}", init=False)

    @property
    def top(self) -> float:
        """The number at the upper end: the next round one above the largest."""
        most = max((value for one in self.series for value in one.values if value is not None), default=0.0)
        return round_above(most)

    @property
    def bars(self) -> list[Bar]:
        """Every bar that has a height."""
        step = (WIDTH - LEFT) / max(1, len(self.places))
        return [
            Bar(round(LEFT + at * step + step * GAP / 2, 2), self._y(value), round(step * (1 - GAP), 2), self._h(value))
            for one in self.series
            if not one.is_line
            for at, value in enumerate(one.values)
            if value
        ]

    @property
    def lines(self) -> list[tuple[str, list[str]]]:
        """Each line as pieces without gaps, every piece the `points` of a polyline."""
        return [(one.name, self._pieces(one.values)) for one in self.series if one.is_line]

    @property
    def levels(self) -> list[Tick]:
        """The lines of the grid."""
        return [Tick(self._y(share * self.top), plain(share * self.top)) for share in (0, 0.5, 1)]

    @property
    def marks(self) -> list[Tick]:
        """The labels below, as many as there is room for."""
        every = max(1, math.ceil(len(self.places) / LABELS))
        step = (WIDTH - LEFT) / max(1, len(self.places))
        return [
            Tick(round(LEFT + (at + 0.5) * step, 2), place) for at, place in enumerate(self.places) if at % every == 0
        ]

    @property
    def rows(self) -> list[tuple[str, list[str]]]:
        """Place by place, every series' number as text."""
        return [
            (place, ["" if one.values[at] is None else plain(one.values[at] or 0) for one in self.series])
            for at, place in enumerate(self.places)
        ]

    def _y(self, value: float) -> float:
        return round(HEIGHT - BOTTOM - self._h(value), 2)

    def _h(self, value: float) -> float:
        return round((HEIGHT - BOTTOM - TOP) * value / (self.top or 1), 2)

    def _pieces(self, values: Sequence[float | None]) -> list[str]:
        step = (WIDTH - LEFT) / max(1, len(values))
        pieces: list[list[str]] = [[]]
        for at, value in enumerate(values):
            if value is None:
                pieces.append([])
            else:
                pieces[-1].append(f"{LEFT + (at + 0.5) * step:.2f},{self._y(value)}")
        return [" ".join(piece if len(piece) > 1 else piece * 2) for piece in pieces if piece]


def round_above(value: float) -> float:
    """The next of 1, 2, 5, 10, 20, … that is not below it; 1 for nothing."""
    if value <= 0:
        return 1
    power = 10 ** math.floor(math.log10(value))
    return next(float(step * power) for step in (1, 2, 5, 10) if step * power >= value)


def plain(value: float) -> str:
    """A number with as many digits as people need."""
    if value >= 100 or value == round(value):  # noqa: PLR2004 - tenths of hundreds say nothing
        return f"{round(value):,}"
    return f"{value:.1f}" if value >= 1 else f"{value:.2f}"
