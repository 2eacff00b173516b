"""Art styles: each a filter over the drawn picture, and a manner of drawing. Front door: `STYLES`, by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from generation.starter.scenes.canvas import Floats
from generation.starter.scenes.styles import (
    chalk,
    clay,
    glass,
    ink,
    lowpoly,
    mosaic,
    neon,
    oil,
    papercut,
    pastel,
    pixel,
    popart,
    ukiyoe,
    vector,
    watercolor,
    woodcut,
)
from generation.starter.scenes.styles.fields import Picture

__all__ = ["STYLES", "Picture", "Style"]


class Style(NamedTuple):
    """One art style: its filter, and how the picture before it is drawn."""

    paint: Callable[[Picture], Floats]
    """From a picture to (side, side, 3), about 0 to 1."""
    flat: bool = False
    """Drawn without shading."""
    paper: bool = False
    """Drawn as sheets of paper that cast shadows."""


STYLES: Final[dict[str, Style]] = {
    "vector": Style(vector.paint),
    "watercolor": Style(watercolor.paint),
    "oil": Style(oil.paint),
    "pixel": Style(pixel.paint, flat=True),
    "ink": Style(ink.paint, flat=True),
    "neon": Style(neon.paint, flat=True),
    "pastel": Style(pastel.paint),
    "glass": Style(glass.paint),
    "lowpoly": Style(lowpoly.paint),
    "woodcut": Style(woodcut.paint, flat=True),
    "mosaic": Style(mosaic.paint),
    "chalk": Style(chalk.paint, flat=True),
    "papercut": Style(papercut.paint, flat=True, paper=True),
    "ukiyoe": Style(ukiyoe.paint, flat=True),
    "popart": Style(popart.paint, flat=True),
    "clay": Style(clay.paint),
}
