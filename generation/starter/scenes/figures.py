"""Figures drawn into a picture: in the scene's light, with shadows, reflections, lamps, snow and rainbow colors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import skia

from generation.starter.scenes.canvas import FULL, Floats, Pen, pixels, rgba, surface
from generation.starter.scenes.layout import Figure
from generation.starter.scenes.palette import NAMED, RAINBOW, Color, Rng, Tones, times, vary
from generation.starter.scenes.subjects import DRAWINGS
from generation.starter.scenes.weather import BOW

from .styles.fields import BASE_PX, blur, grid, shifted

_DARK: Final = 0.5
_MIDDLE: Final = 0.5
_SLACK: Final = 6.0
"""Px of a 128 px picture that a tilted figure may reach beyond its box."""
_HALO_OF_DARK: Final[Color] = (1.0, 0.98, 0.92)
_HALO_OF_LIGHT: Final[Color] = (0.10, 0.12, 0.24)


@dataclass(frozen=True)
class Recorded:
    """A figure as a skia picture, in the units of the whole picture, and the lamps it carries there."""

    figure: Figure
    picture: Any
    lamps: list[tuple[float, float, float]]


def record(figures: list[Figure], light: Color, rng: Rng, *, flat: bool) -> list[Recorded]:
    """Draw every figure once, to be played back as itself, as its shadow and as its reflection."""
    return [_record(figure, light, rng, flat=flat) for figure in figures]


def _record(figure: Figure, light: Color, rng: Rng, *, flat: bool) -> Recorded:
    recorder = skia.PictureRecorder()
    pen = Pen(recorder.beginRecording(skia.Rect.MakeLTRB(-100, -100, 200, 200)), rng, flat=flat)
    base = NAMED[figure.color]
    color = base if figure.color == RAINBOW else times(vary(base, rng, 0.012, 0.05, 0.04), light)
    with pen.at(figure.origin, figure.y, figure.scale, figure.turn, flip=figure.flip):
        DRAWINGS[figure.subject](pen, Tones.of(color))
    side = -figure.scale if figure.flip else figure.scale
    lamps = [
        (figure.origin + x * side, figure.y + y * figure.scale, radius * figure.scale) for x, y, radius in pen.lamps
    ]
    return Recorded(figure, recorder.finishRecordingAsPicture(), lamps)


def draw_shadow(canvas: Any, recorded: Recorded, lean: float, alpha: float) -> None:
    """The shadow on the ground, leaning by `lean` (left below 0), and a dark spot where the figure touches it."""
    figure = recorded.figure
    left, _, right, base = figure.box
    spot = skia.Paint(AntiAlias=True, Color4f=rgba((0.02, 0.02, 0.09), alpha * 1.1))
    spot.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, 1.1))
    half, middle = (right - left) * 0.46, (left + right) / 2
    canvas.drawOval(skia.Rect.MakeLTRB(middle - half, base - 1.6, middle + half, base + 1.8), spot)
    _play(canvas, recorded, (1.0, -lean * 0.5, 0.0, -0.2), skia.kSrcIn, (0.03, 0.03, 0.10), alpha)


def draw_reflection(canvas: Any, recorded: Recorded, water: Color) -> None:
    """The figure upside down in the water, mixed with the color of the water."""
    share = 0.85 if recorded.figure.color == RAINBOW else 0.45  # the stand-in hue must not show
    _play(canvas, recorded, (1.0, 0.0, 0.0, -0.62), skia.kSrcATop, water, 0.55, share=share)


def _play(
    canvas: Any,
    recorded: Recorded,
    shape: tuple[float, float, float, float],
    mode: Any,
    color: Color,
    alpha: float,
    share: float = 1.0,
) -> None:
    """Play the figure back, its height changed around its base by the matrix `shape`, in another color."""
    a, b, c, d = shape
    y = recorded.figure.y
    layer = skia.Paint(Alphaf=min(1.0, alpha))
    layer.setColorFilter(skia.ColorFilters.Blend(rgba(color, share).toColor(), mode))
    layer.setImageFilter(skia.ImageFilters.Blur(0.9, 0.7))
    canvas.saveLayer(skia.Rect.MakeLTRB(0, y - 3, FULL, FULL), layer)
    canvas.clipRect(skia.Rect.MakeLTRB(0, y - 0.5, FULL, FULL))
    canvas.concat(skia.Matrix.MakeAll(a, b, -b * y, c, d, y - d * y, 0, 0, 1))
    recorded.picture.playback(canvas)
    canvas.restore()


def paint_figures(figures: list[Recorded], side: int) -> Floats:
    """All figures on nothing, (side, side, 4), 0 to 1."""
    made = surface(side)
    for recorded in figures:
        recorded.picture.playback(made.getCanvas())
    layer = pixels(made)
    for recorded in figures:
        if recorded.figure.color == RAINBOW:
            layer[..., :3] = _with_rainbow(layer[..., :3], recorded.figure.box)
    return layer


def _with_rainbow(rgb: Floats, box: tuple[float, float, float, float]) -> Floats:
    """What was drawn in the stand-in hue inside a figure's box gets the colors of the rainbow, from left to right."""
    left, top, right, bottom = (edge / FULL * BASE_PX for edge in box)
    y, x = grid(rgb.shape[0])
    within = (x > left - _SLACK) & (x < right + _SLACK) & (y > top - _SLACK) & (y < bottom + _SLACK)
    high, low = rgb.max(-1), rgb.min(-1)
    stand_in = (high - low) * np.clip(1 - 6 * np.abs(rgb[..., 0] - rgb[..., 2]), 0, 1) * (rgb[..., 1] <= low + 0.02)
    share = np.clip(stand_in * 2.2, 0, 1)[..., None] * within[..., None]
    along = np.clip((x - left + 0.16 * (y - bottom)) / max(1.0, right - left), 0, 1) * (len(BOW) - 1)
    bow = np.stack([np.interp(along, range(len(BOW)), [color[part] for color in BOW]) for part in range(3)], -1)
    level = ((high + low) / 2)[..., None]
    shaded = np.where(level < _MIDDLE, bow * level * 2, bow + (1 - bow) * (level * 2 - 1))
    made: Floats = (rgb * (1 - share) + shaded * share).astype(np.float32)
    return made


def in_light(layer: Floats, tint: Color, sun: tuple[float, Color, float]) -> Floats:
    """The figures in the light of the scene: tinted, and rimmed on the side of the sun.

    sun: its x (0 to 100), its color, its strength.
    """
    x, color, strength = sun
    unit = layer.shape[0] / 128
    rgb, mask = layer[..., :3], layer[..., 3]
    lit = rgb * np.asarray(tint, np.float32)
    rim = np.clip(mask - shifted(mask, (-1.6 if x > 50 else 1.6) * unit, 1.4 * unit), 0, 1)[..., None]  # noqa: PLR2004
    lit = lit + rim * np.asarray(color, np.float32) * (0.10 + 0.22 * strength)
    return np.dstack([np.clip(lit, 0, 1), mask]).astype(np.float32)


def with_snow(layer: Floats, tint: Color) -> Floats:
    """The figures with snow lying on top of them."""
    unit = layer.shape[0] / 128
    mask = layer[..., 3]
    top = np.clip(mask - shifted(mask, 0, 2.6 * unit), 0, 1)
    snow = np.clip(blur(top.astype(np.float32), 0.5 * unit) * 1.5, 0, 1)[..., None] * (mask > 0.3)[..., None]  # noqa: PLR2004
    white = np.asarray(tint, np.float32) * np.array([0.98, 0.99, 1.0], np.float32)
    return np.dstack([layer[..., :3] * (1 - snow) + white * snow, mask]).astype(np.float32)


def halo(picture: Floats, layer: Floats) -> Floats:
    """The background, lighter behind dark figures and darker behind light ones, where they would run into it."""
    unit = layer.shape[0] / 128
    mask = layer[..., 3]
    area = float(mask.sum())
    if area < 1:
        return picture
    around = np.clip(blur(mask, 3.2 * unit) * 1.2, 0, 1) * (1 - mask)
    weight = float(around.sum()) + 1e-6
    inner = (layer[..., :3] * mask[..., None]).sum((0, 1)) / area
    outer = (picture * around[..., None]).sum((0, 1)) / weight
    apart = float(np.abs(inner - outer).max())
    need = min(1.0, max(0.0, 0.36 - apart) * 2.6)
    toward = np.asarray(_HALO_OF_DARK if inner.mean() <= _DARK else _HALO_OF_LIGHT, np.float32)
    share = (around * need * 0.42)[..., None]
    made: Floats = (picture * (1 - share) + toward * share).astype(np.float32)
    return made
