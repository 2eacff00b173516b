"""Several ways to do the same, in turns within one run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median

from bench.table import Line, span

REPEATS = 7

Side = Callable[[], float]
"""Does the work and gives the seconds that it took."""


@dataclass(frozen=True, slots=True)
class Duel:
    """Seconds of each repeat."""

    ours_s: list[float]
    theirs_s: list[float]

    @property
    def ratios(self) -> list[float]:
        """How many times faster ours was, repeat by repeat."""
        return [theirs / ours for ours, theirs in zip(self.ours_s, self.theirs_s, strict=True)]

    def line(self, name: str, goal: float | None, *, remark: str = "") -> Line:
        """As a line of the table."""
        ratios = self.ratios
        spread = f"{span(ratios)}; {remark}" if remark else span(ratios)
        ours, theirs = (f"{median(values):.3g} s" for values in (self.ours_s, self.theirs_s))
        return Line(name=name, value=median(ratios), unit="x", ours=ours, theirs=theirs, goal=goal, spread=spread)


def duels(ours: Side, others: Mapping[str, Side], *, quick: bool, repeats: int = REPEATS) -> dict[str, Duel]:
    """Lets ours and all others work in turns, `repeats` times or, when it must be quick, once; who begins changes."""
    sides = {"": ours, **others}
    taken: dict[str, list[float]] = {name: [] for name in sides}
    order = list(sides)
    for _ in range(1 if quick else repeats):
        for name in order:
            taken[name].append(sides[name]())
        order = [*order[1:], order[0]]
    return {name: Duel(taken[""], taken[name]) for name in others}


def duel(ours: Side, theirs: Side, *, quick: bool) -> Duel:
    """Ours against one other."""
    return duels(ours, {"theirs": theirs}, quick=quick)["theirs"]
