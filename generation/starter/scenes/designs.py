"""Design work without a landscape: a subject on a plain ground, a logo, a sticker, a repeating pattern."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from generation.starter.scenes.canvas import Floats, Pen, Shape, oval_path, pixels, polygon, surface
from generation.starter.scenes.figures import Recorded, draw_shadow, paint_figures, record
from generation.starter.scenes.layout import Figure, lay_out
from generation.starter.scenes.light import WHITE, sparkle
from generation.starter.scenes.palette import CREAM, NAMED, RAINBOW, Color, Rng, darker, lighter, mix
from generation.starter.scenes.subjects import extent
from generation.starter.scenes.world import Scene

from .styles.fields import blur, shifted

_PLATES: Final[tuple[Color, ...]] = (
    (0.12, 0.17, 0.36), (0.99, 0.95, 0.86), (0.08, 0.42, 0.44), (0.99, 0.80, 0.36), (0.95, 0.48, 0.42),
    (0.55, 0.78, 0.90), (0.36, 0.22, 0.48), (0.74, 0.88, 0.70),
)  # fmt: skip


_UNLIKE: Final = 0.75
_APART: Final = 0.35
"""How far apart the colors of a subject and its plate, and of a plate and its ground, must be: a sum of differences."""


def ground_color(scene: Scene) -> Color:
    """The color of the plain ground: the named one, calmer where it would be loud."""
    named = NAMED[scene.ground or "white"]
    return named if scene.ground in ("white", "black", "navy", None) else lighter(named, 0.16)


def draw_design(scene: Scene, side: int, rng: Rng, *, flat: bool) -> tuple[Floats, Floats]:
    """The picture (side, side, 3) and the area of its figures (side, side)."""
    if scene.kind == "pattern":
        return _pattern(scene, side, rng, flat=flat)
    if scene.kind == "plain":
        return _plain(scene, side, rng, flat=flat)
    return _emblem(scene, side, rng, flat=flat)


def _apart(a: Color, b: Color) -> float:
    return sum(abs(x - y) for x, y in zip(a, b, strict=True))


def _centered(
    scene: Scene, height: float, rng: Rng, x: float = 50, y: float = 50, *, flip: bool | None = None
) -> Figure:
    """The subject with the middle of its box at (x, y), its longer side `height`."""
    assert scene.subject is not None  # noqa: S101 - every design shows something
    room = extent(scene.subject)
    scale = height / max(room.top, room.width)
    turned = bool(rng.integers(2)) if flip is None else flip
    return Figure(scene.subject, scene.color or "red", x, y + room.top * scale / 2, scale, turned)


def _over(base: Floats, layer: Floats) -> Floats:
    alpha = layer[..., 3:]
    return base * (1 - alpha) + layer[..., :3] * alpha


def _plain(scene: Scene, side: int, rng: Rng, *, flat: bool) -> tuple[Floats, Floats]:
    """A subject in a studio: a ground that meets its wall in a soft curve."""
    made = surface(side)
    pen = Pen(made.getCanvas(), rng, flat=flat)
    tone = ground_color(scene)
    pen.fade(
        "M0 0H100V100H0Z", [(lighter(tone, 0.14), 1), (tone, 1), (darker(tone, 0.10), 1)], (0, 0), (0, 100), [0, 0.6, 1]
    )
    figures = record(lay_out(scene, 84, rng), WHITE, rng, flat=flat)
    for figure in figures:
        draw_shadow(made.getCanvas(), figure, 0.6, 0.26)
    layer = paint_figures(figures, side)
    return _over(pixels(made)[..., :3], layer), layer[..., 3]


def _emblem(scene: Scene, side: int, rng: Rng, *, flat: bool) -> tuple[Floats, Floats]:
    """A logo on its plate, or a sticker with its white border."""
    made = surface(side)
    pen = Pen(made.getCanvas(), rng, flat=True)
    tone = ground_color(scene)
    pen.box(0, 0, 100, 100, tone)
    sticker = scene.kind == "sticker"
    plate = None if sticker else _plate(pen, scene, tone, rng)
    height = (72 if sticker else 54 if plate else 64) + float(rng.uniform(-2, 3))
    figure = _centered(scene, height, rng, y=50 if sticker or not plate else 49)
    layer = paint_figures(record([figure], WHITE, rng, flat=flat or not sticker), side)
    base = pixels(made)[..., :3]
    unit, mask = side / 128, layer[..., 3]
    if sticker:
        border = np.clip(blur(mask, 2.6 * unit) * 7 - 0.35, 0, 1)
        shadow = blur(shifted(border, 1.2 * unit, 2.6 * unit), 1.8 * unit)[..., None]
        base = base * (1 - 0.34 * shadow)
        base = base * (1 - border[..., None]) + border[..., None]
    else:
        line = CREAM if plate and sum(plate) < 1.7 else (0.10, 0.10, 0.18)  # noqa: PLR2004
        border = np.clip(blur(mask, 1.3 * unit) * 4 - 0.5, 0, 1)[..., None]
        base = base * (1 - border) + np.asarray(line, np.float32) * border
    return _over(base, layer), mask


def _plate(pen: Pen, scene: Scene, tone: Color, rng: Rng) -> Color | None:
    """Draw a plate for the logo and return its color; None is a logo without one."""
    own = NAMED[scene.color or "red"]
    choices = [color for color in _PLATES if _apart(color, own) > _UNLIKE and _apart(color, tone) > _APART] or list(
        _PLATES[:2]
    )
    color = choices[int(rng.integers(len(choices)))]
    edge = lighter(color, 0.35) if sum(color) < 1.5 else darker(color, 0.35)  # noqa: PLR2004
    shape = _SHAPES[int(rng.integers(len(_SHAPES)))]
    if shape == "none":
        return None
    outline = _plate_path(shape)
    pen.fill(outline, color)
    with pen.inside(outline):
        _plate_pattern(pen, color, rng)
    pen.line(outline, edge, 2.6)
    if shape == "circle":
        pen.line(oval_path(50, 50, 38.5, 38.5), edge, 1.3)
    return color


_SHAPES: Final = ("circle", "circle", "square", "shield", "hexagon", "burst", "none")


def _plate_path(shape: str) -> Shape:
    if shape == "square":
        return "M24 8H76Q92 8 92 24V76Q92 92 76 92H24Q8 92 8 76V24Q8 8 24 8Z"
    if shape == "shield":
        return "M12 10Q50 2 88 10V50Q86 78 50 96Q14 78 12 50Z"
    if shape == "hexagon":
        return polygon([(50 + 45 * math.sin(math.tau * i / 6), 50 + 45 * math.cos(math.tau * i / 6)) for i in range(6)])
    if shape == "burst":
        return polygon(
            [
                (
                    50 + (45 - 5 * (i % 2)) * math.sin(math.pi * i / 18),
                    50 + (45 - 5 * (i % 2)) * math.cos(math.pi * i / 18),
                )
                for i in range(36)
            ]
        )
    return oval_path(50, 50, 43, 43)


def _plate_pattern(pen: Pen, color: Color, rng: Rng) -> None:
    """Nothing, rays, hills or a rising disk behind the subject."""
    tone = lighter(color, 0.14) if sum(color) < 1.8 else darker(color, 0.09)  # noqa: PLR2004
    which = int(rng.integers(4))
    if which == 0:
        for i in range(12):
            with pen.at(50, 50, turn=30 * i):
                pen.fill("M0 0L-7 -70H7Z", tone)
    elif which == 1:
        pen.oval(36, 96, 44, 28, tone)
        pen.oval(86, 100, 40, 34, mix(tone, color, 0.4))
    elif which == 2:  # noqa: PLR2004
        pen.dot(50, 50, 31, tone)


def _pattern(scene: Scene, side: int, rng: Rng, *, flat: bool) -> tuple[Floats, Floats]:
    """The subject over and over, in a grid or a half drop, so that the tile joins itself."""
    made = surface(side)
    pen = Pen(made.getCanvas(), rng, flat=True)
    tone = ground_color(scene)
    pen.box(0, 0, 100, 100, tone)
    across, half_drop = int(rng.choice([2, 2, 3, 3, 4])), bool(rng.integers(2))
    columns = across if not half_drop else 2 * (across // 2) or 2
    step_x, step_y = 100 / columns, 100 / across
    size = min(step_x, step_y) * float(rng.uniform(0.70, 0.80))
    accent = darker(tone, 0.2) if sum(tone) > 1.5 else lighter(tone, 0.28)  # noqa: PLR2004
    if scene.ground in ("white", "black"):
        accent = mix(accent, NAMED["pink" if scene.color == RAINBOW else scene.color or "red"], 0.35)
    start = rng.uniform(0, 100, 2)
    motif, swings, look = int(rng.integers(4)), bool(rng.integers(2)), int(rng.integers(1 << 30))
    figures: list[Recorded] = []
    for column in range(columns):
        for row in range(across):
            x = float(start[0] + column * step_x) % 100
            y = float(start[1] + row * step_y + (step_y / 2 if half_drop and column % 2 else 0)) % 100
            turned = swings and (column + row) % 2 == 1
            for dx in (-100, 0, 100):
                for dy in (-100, 0, 100):
                    _motif(pen, motif, x + step_x / 2 + dx, y + step_y / 2 + dy, size, accent)
                    if -size < x + dx < 100 + size and -size < y + dy < 100 + size:
                        figure = _centered(scene, size, rng, x + dx, y + dy, flip=turned)
                        figures += record([figure], WHITE, np.random.default_rng(look), flat=flat)
    layer = paint_figures(figures, side)
    return _over(pixels(made)[..., :3], layer), layer[..., 3]


def _motif(pen: Pen, which: int, x: float, y: float, size: float, color: Color) -> None:
    """A small ornament between the subjects."""
    if not (-10 < x < 110 and -10 < y < 110):  # noqa: PLR2004
        return
    radius = size * 0.11
    if which == 0:
        pen.dot(x, y, radius, color)
    elif which == 1:
        sparkle(pen, x, y, radius * 1.9, color)
    elif which == 2:  # noqa: PLR2004
        pen.line(f"M{x - radius} {y}H{x + radius}M{x} {y - radius}V{y + radius}", color, radius * 0.75)
