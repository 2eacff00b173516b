"""Ukiyo-e: a Japanese color print, with blue outlines, few inks, a graded sky and the printer's red seal."""

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
    """Prussian blue, cream and muted inks on fibrous paper."""
    side, unit = picture.side, picture.unit
    y, x = grid(side)
    fiber = smooth(side, picture.any_texture())
    level = np.round(gray(blur(picture.rgb, 0.7 * unit)) * 6 + 0.12 * fiber) / 6
    cream, blue = color(0.965, 0.915, 0.80), color(0.10, 0.22, 0.42)
    inks = over(np.broadcast_to(blue, picture.rgb.shape), cream, np.clip(level * 1.08, 0, 1).astype(np.float32))
    muted = saturate(picture.rgb, 0.95) * color(0.98, 0.93, 0.84)
    page = over(inks * 0.5 + muted * 0.5, saturate(picture.rgb, 1.05) * color(0.97, 0.93, 0.86), picture.mask * 0.85)
    if picture.scenery:
        graded = np.clip(1 - y / 24, 0, 1) ** 1.4 * np.ones_like(x)
        page = over(page, color(0.09, 0.19, 0.40), (graded * 0.80 * (1 - picture.mask)).astype(np.float32))
    line = drawn_lines(picture, 0.62, 0.92, 0.5)
    page = over(page, color(0.08, 0.11, 0.24), line)
    page = page * (1 + 0.018 * fiber[..., None])
    return _framed(picture, page)


def _framed(picture: Picture, page: Floats) -> Floats:
    y, x = grid(picture.side)
    to_border = np.minimum(np.minimum(x, 128 - x), np.minimum(y, 128 - y))
    page = over(page, color(0.955, 0.91, 0.81), np.clip(5.0 - to_border, 0, 1).astype(np.float32))
    left = 10 if picture.rng.integers(2) else 108
    seal = np.clip(np.minimum(5.0 - np.abs(x - left - 5), 7.0 - np.abs(y - 19)), 0, 1).astype(np.float32)
    page = over(page, color(0.80, 0.19, 0.15), seal * 0.95)
    strokes = (np.abs(x - left - 5) < 2.6) & (np.abs(((y - 19) / 4) % 1 - 0.5) < 0.2)  # noqa: PLR2004
    return over(page, color(0.96, 0.90, 0.80), (strokes * (np.abs(y - 19) < 5)).astype(np.float32) * 0.9)  # noqa: PLR2004
