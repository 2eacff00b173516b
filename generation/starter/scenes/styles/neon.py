"""Neon: glowing contours in the dark, over the grid of a synthetic ground."""

from __future__ import annotations

import numpy as np

from generation.starter.scenes.canvas import Floats
from generation.starter.scenes.palette import hsv
from generation.starter.scenes.styles.fields import Picture, blur, color, edges, grid, saturate


def paint(picture: Picture) -> Floats:
    """Bright lines on a night of violet."""
    side, unit = picture.side, picture.unit
    y, _ = grid(side)
    down = (y / 128)[..., None]
    figure = picture.figure
    night = color(0.04, 0.02, 0.13) * (1 - down) + color(0.17, 0.02, 0.24) * down
    page = night + picture.rgb * color(0.10, 0.07, 0.16)
    page = page * (1 - figure * 0.85) + saturate(picture.rgb, 1.3) * figure * 0.42
    pure = picture.rgb / np.maximum(picture.rgb.max(-1, keepdims=True), 0.12)
    pure = saturate(pure, 1.9)
    hue = picture.rng.uniform(0.48, 0.60)
    tubes = np.asarray(hsv(hue, 0.9, 1), np.float32) * (1 - down) + np.asarray(hsv(0.88, 0.85, 1), np.float32) * down
    line = (pure * 0.45 + tubes * 0.55) * (1 - figure) + (pure * 0.82 + 0.02) * figure
    lit = np.clip(edges(picture, 0.8) * 1.15, 0, 1)[..., None] * line * (0.62 + 0.38 * figure)
    if picture.scenery:
        lit = lit + _grid(picture) * color(0.75, 0.10, 0.85) * (1 - figure) * 0.35
    lit = lit.astype(np.float32)
    made: Floats = page + lit * 0.95 + blur(lit, 2.2 * unit) * 0.9 + blur(lit, 5 * unit) * 0.6
    return made


def _grid(picture: Picture) -> Floats:
    y, x = grid(picture.side)
    depth = np.clip((y - 84) / 44, 1e-3, 1)
    rows = np.abs(((1 / depth) * 1.6) % 1 - 0.5) < 0.06 / depth**0.5
    columns = np.abs(((x - 64) / (depth + 0.25) / 16) % 1 - 0.5) < 0.045 / (depth + 0.25) ** 0.3
    lines: Floats = ((rows | columns) * np.clip((y - 86) / 14, 0, 1)).astype(np.float32)[..., None]
    return lines
