"""Woodcut: carved lines that follow the light, dark ink and a few colors on warm paper."""

from __future__ import annotations

import numpy as np

from generation.starter.scenes.canvas import Floats
from generation.starter.scenes.styles.fields import (
    Picture,
    blur,
    color,
    drawn_lines,
    gray,
    grid,
    over,
    saturate,
    smooth,
)


def paint(picture: Picture) -> Floats:
    """Lines that swell in the shade, over flat color."""
    side, unit = picture.side, picture.unit
    y, x = grid(side)
    sway = smooth(side, picture.any_texture())
    tone = np.clip((gray(blur(picture.rgb, 1.2 * unit)) - 0.45) * 1.35 + 0.5, 0.24, 1)
    carved = 0.5 + 0.5 * np.sin((y + 0.22 * x) * 1.12 + 2.6 * sway)
    crossed = 0.5 + 0.5 * np.sin((0.45 * y - x) * 1.0 + 2.0 * sway)
    dark = np.clip((carved - (tone * 1.45 + 0.10)) * 3.4, 0, 1)
    dark = np.maximum(dark, np.clip((crossed - (tone * 2.9 + 0.12)) * 3.4, 0, 1))
    dark = np.maximum(dark * (1 - 0.8 * picture.mask), drawn_lines(picture, 0.8, 1.0, 0.6, 1.3))
    paper = color(0.955, 0.895, 0.765)
    flat = np.round(saturate(blur(picture.rgb, 1.0 * unit), 1.5) * 4) / 4
    page = over(paper * 0.55 + flat * 0.45 * paper, saturate(picture.rgb, 1.25) * 0.86 + 0.10 * paper, picture.mask)
    return over(page, color(0.12, 0.08, 0.10), blur(dark.astype(np.float32), 0.4 * unit) * 0.93)
