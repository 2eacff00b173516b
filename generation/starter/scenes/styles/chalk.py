"""Chalk: colored chalk on a blackboard."""

from __future__ import annotations

import numpy as np

from generation.starter.scenes.canvas import Floats
from generation.starter.scenes.styles.fields import (
    Picture,
    blur,
    color,
    drawn_lines,
    grain,
    gray,
    over,
    saturate,
    smooth,
    warped,
)


def paint(picture: Picture) -> Floats:
    """Grainy lines and rubbed fillings on a dark board with smears."""
    side, unit = picture.side, picture.unit
    dust, hand = grain(side, picture.any_texture()), smooth(side, picture.any_texture())
    wiped = Picture(warped(picture.rgb, hand * 0.7 * unit, hand * 0.7 * unit), picture.mask, picture.rng)
    board = np.broadcast_to(color(0.11, 0.20, 0.165), picture.rgb.shape) + 0.014 * hand[..., None]
    bright = saturate(picture.rgb / np.maximum(picture.rgb.max(-1, keepdims=True), 0.35), 1.15)
    sticks = saturate(bright, 1.2) * 0.80 + 0.18
    level = gray(picture.rgb)
    rubbed = np.clip(0.78 + 0.10 * dust * (1 - 0.5 * picture.mask), 0, 1)
    filled = (0.03 + 0.26 * level) * (1 - picture.mask) + (0.46 + 0.44 * level) * picture.mask
    page = over(board, sticks, (filled * rubbed).astype(np.float32))
    line = drawn_lines(wiped, 1.0, 1.0, 0.55, 1.3) * np.clip(0.90 + 0.10 * dust, 0, 1)
    line = blur(line.astype(np.float32), 0.35 * unit)
    return over(page, sticks * 0.5 + 0.5, line * (0.62 + 0.28 * picture.mask))
