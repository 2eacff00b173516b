"""Pop art: a comic print with black outlines, loud flat colors and halftone dots."""

from __future__ import annotations

import numpy as np

from generation.starter.scenes.canvas import Floats
from generation.starter.scenes.styles.fields import Picture, blur, color, drawn_lines, gray, grid, over, saturate


def paint(picture: Picture) -> Floats:
    """Few colors, dots for the shades of the background."""
    unit = picture.unit
    y, x = grid(picture.side)
    soft = blur(picture.rgb, 0.7 * unit)
    flat = np.round(saturate(soft, 1.75) * 3 + 0.15) / 3
    level = gray(soft)
    turn_x, turn_y = (x + y) * 0.7071, (x - y) * 0.7071
    pitch = 6.0
    dot = np.hypot((turn_x % pitch) - pitch / 2, (turn_y % pitch) - pitch / 2)
    radius = np.sqrt(np.clip(1.05 - level, 0, 1)) * pitch * 0.52
    dots = np.clip(radius - dot + 0.5, 0, 1) * (1 - 0.85 * picture.mask)
    pale = flat * 0.45 + 0.55 * color(1.0, 0.97, 0.86)
    page = over(pale, np.clip(saturate(flat, 1.4) * 0.95, 0, 1), dots.astype(np.float32))
    page = over(page, np.clip(saturate(soft, 1.6) * 1.05, 0, 1), picture.mask * 0.92)
    line = drawn_lines(picture, 0.85, 1.0, 0.55, 1.8)
    return over(page, color(0.05, 0.04, 0.07), line)
