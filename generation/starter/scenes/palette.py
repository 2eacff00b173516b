"""Colors: the named ones of the world, how they lighten and darken, and the tones a figure is drawn in."""

from __future__ import annotations

import colorsys
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

Color: TypeAlias = tuple[float, float, float]
"""Red, green and blue, 0 to 1."""
Rng: TypeAlias = np.random.Generator

NAMED: Final[dict[str, Color]] = {
    "red": (0.87, 0.13, 0.15),
    "orange": (0.98, 0.49, 0.07),
    "yellow": (0.99, 0.82, 0.14),
    "lime": (0.62, 0.87, 0.16),
    "green": (0.13, 0.55, 0.26),
    "teal": (0.05, 0.68, 0.66),
    "blue": (0.14, 0.40, 0.91),
    "navy": (0.11, 0.16, 0.44),
    "purple": (0.51, 0.21, 0.75),
    "pink": (0.98, 0.46, 0.69),
    "brown": (0.47, 0.28, 0.15),
    "black": (0.11, 0.11, 0.14),
    "silver": (0.64, 0.67, 0.73),
    "white": (0.96, 0.96, 0.95),
    # Drawn in this one hue, then painted over with a rainbow: `render` finds the hue again.
    "rainbow": (0.90, 0.10, 0.90),
}
RAINBOW: Final = "rainbow"

CREAM: Final[Color] = (0.98, 0.95, 0.87)
INK: Final[Color] = (0.09, 0.09, 0.13)
WOOD: Final[Color] = (0.45, 0.29, 0.18)
METAL: Final[Color] = (0.74, 0.77, 0.82)
GLASS: Final[Color] = (0.68, 0.87, 0.96)
LAMP: Final[Color] = (1.0, 0.89, 0.52)
GOLD: Final[Color] = (0.93, 0.72, 0.25)
LEAF: Final[Color] = (0.24, 0.56, 0.25)
SKIN: Final[Color] = (0.97, 0.80, 0.67)
BLUSH: Final[Color] = (0.96, 0.62, 0.62)

_NIGHT_INK: Final[Color] = (0.05, 0.03, 0.12)
_PAPER: Final[Color] = (1.0, 1.0, 0.96)
_NEARLY_BLACK: Final = 0.3
_NEARLY_WHITE: Final = 0.8


def mix(a: Color, b: Color, share: float) -> Color:
    """`a` with `share` (0 to 1) of `b`."""
    return (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share)


def times(a: Color, b: Color) -> Color:
    """`a` seen in light of the color `b`."""
    return (a[0] * b[0], a[1] * b[1], a[2] * b[2])


def darker(color: Color, share: float = 0.35) -> Color:
    """The color with a share of night in it."""
    return mix(color, _NIGHT_INK, share)


def lighter(color: Color, share: float = 0.35) -> Color:
    """The color with a share of paper in it."""
    return mix(color, _PAPER, share)


def hsv(hue: float, saturation: float, value: float) -> Color:
    """A color from hue (any number, whole turns drop), saturation and value (0 to 1)."""
    return colorsys.hsv_to_rgb(hue % 1, saturation, value)


def vary(color: Color, rng: Rng, hue: float = 0.02, saturation: float = 0.07, value: float = 0.05) -> Color:
    """The color moved by at most the given steps; grays stay gray."""
    h, s, v = colorsys.rgb_to_hsv(*(min(1.0, max(0.0, part)) for part in color))
    dh, ds, dv = rng.uniform(-1, 1, 3) * (hue, saturation, value)
    s_new = min(1.0, max(0.0, s + ds)) if s > 0.1 else s  # noqa: PLR2004
    return hsv(h + dh, s_new, min(1.0, max(0.0, v + dv)))


@dataclass(frozen=True)
class Tones:
    """What a figure of one color is drawn with: lights, darks, and a trim that stands out from it."""

    main: Color
    light: Color
    pale: Color
    dark: Color
    deep: Color
    trim: Color

    @classmethod
    def of(cls, color: Color) -> Tones:
        """The tones of a color; black gets lighter instead of darker, so that its parts stay apart."""
        if max(color) < _NEARLY_BLACK:
            return cls(
                color, lighter(color, 0.2), lighter(color, 0.42), lighter(color, 0.14), lighter(color, 0.07), CREAM
            )
        if min(color) > _NEARLY_WHITE:
            cool = (0.70, 0.74, 0.84)
            return cls(
                color,
                (1.0, 1.0, 1.0),
                (0.86, 0.89, 0.95),
                mix(color, cool, 0.75),
                (0.48, 0.53, 0.66),
                (0.86, 0.38, 0.36),
            )
        bright = color[0] * 0.3 + color[1] * 0.59 + color[2] * 0.11
        trim = CREAM if bright < 0.68 else (0.80, 0.32, 0.26)  # noqa: PLR2004
        return cls(color, lighter(color, 0.26), lighter(color, 0.62), darker(color, 0.28), darker(color, 0.52), trim)
