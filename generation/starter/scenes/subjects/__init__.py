"""Every subject as a small drawing: its base at (0, 0), about 100 high, in the tones of one color.

Front door: `DRAWINGS`, from a subject's name to the function that draws it with a pen in tones;
`extent`, how much room it takes.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Final, NamedTuple, TypeAlias

import numpy as np

from generation.starter.scenes.canvas import Pen, pixels, surface
from generation.starter.scenes.palette import NAMED, Tones
from generation.starter.scenes.subjects import animals, buildings, characters, plants, things, vehicles, wings_and_fins

Drawing: TypeAlias = Callable[[Pen, Tones], None]

DRAWINGS: Final[dict[str, Drawing]] = {
    **buildings.DRAWINGS,
    **vehicles.DRAWINGS,
    **animals.DRAWINGS,
    **wings_and_fins.DRAWINGS,
    **characters.DRAWINGS,
    **plants.DRAWINGS,
    **things.DRAWINGS,
}

__all__ = ["DRAWINGS", "Drawing", "Extent", "extent"]

_PROBE_PX: Final = 84
_PROBE_UNITS: Final = 280.0
_SOLID: Final = 0.6


class Extent(NamedTuple):
    """The room a subject takes around its base, in its own units: 100 is about its height."""

    left: float
    right: float
    top: float
    seat: float
    """How high something can sit on it: the top of its middle."""

    @property
    def width(self) -> float:
        """From its left edge to its right edge."""
        return self.right - self.left


@cache
def extent(name: str) -> Extent:
    """Measured from a small drawing; light that thins out (beams, steam) does not count."""
    probe = surface(_PROBE_PX)
    pen = Pen(probe.getCanvas(), np.random.default_rng(1), flat=True)
    scale = 100 / _PROBE_UNITS
    with pen.at(50, 80, scale):
        DRAWINGS[name](pen, Tones.of(NAMED["blue"]))
    solid = pixels(probe)[..., 3] > _SOLID
    unit = _PROBE_UNITS / _PROBE_PX
    rows, columns = np.flatnonzero(solid.any(1)), np.flatnonzero(solid.any(0))
    middle = _PROBE_PX // 2
    seat = np.flatnonzero(solid[:, middle - 2 : middle + 3].any(1))
    base = 0.8 * _PROBE_UNITS
    return Extent(
        float(columns[0] * unit - _PROBE_UNITS / 2),
        float((columns[-1] + 1) * unit - _PROBE_UNITS / 2),
        float(base - rows[0] * unit),
        float(base - seat[0] * unit),
    )
