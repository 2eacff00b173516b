"""Clay: everything molded by hand from plasticine and lit in a studio, like a small three-dimensional set."""

from __future__ import annotations

import numpy as np

from generation.starter.scenes.canvas import Floats
from generation.starter.scenes.styles.fields import Picture, blur, gray, grid, saturate, shifted, smooth


def paint(picture: Picture) -> Floats:
    """Rounded, softly shining forms with soft shadows and a blurred background."""
    side, unit = picture.side, picture.unit
    figure = picture.figure
    far = blur(picture.rgb, 1.5 * unit)
    soft = saturate(far * (1 - figure) + blur(picture.rgb, 0.6 * unit) * figure, 1.08)
    height = _height(picture)
    dx = height - shifted(height, 1.5 * unit, 0)
    dy = height - shifted(height, 0, 1.5 * unit)
    facing = -(dx + dy) * -1.0
    light = np.clip(1 + 1.5 * facing, 0.6, 1.28)[..., None]
    shine = np.clip(facing * 5 - 0.55, 0, 0.8)
    shine = blur(shine.astype(np.float32), 0.7 * unit)[..., None] * figure
    shadow = blur(shifted(picture.mask, 3 * unit, 4 * unit), 3.4 * unit)[..., None] * (1 - figure)
    page = soft * light * (1 - 0.42 * shadow) + 0.32 * shine
    y, x = grid(side)
    vignette = 1.04 - 0.16 * np.hypot((x - 60) / 90, (y - 54) / 90)[..., None] ** 2
    return page * vignette * (1 + 0.012 * smooth(side, picture.any_texture())[..., None])


def _height(picture: Picture) -> Floats:
    """How far everything stands out: figures swell to their middle, and every part of them a little."""
    unit = picture.unit
    swell = blur(picture.mask, 2.6 * unit) * 0.4 + blur(picture.mask, 6 * unit) * 0.6
    level = gray(picture.rgb)
    parts = blur(level, 1.1 * unit) * 0.22 + blur(level, 2.6 * unit) * 0.25
    thumb = 0.02 * smooth(picture.side, picture.any_texture())
    height: Floats = (swell * 0.9 + parts * (0.55 + 0.45 * picture.mask) + thumb).astype(np.float32)
    return height
