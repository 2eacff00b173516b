"""Ink: a pen drawing on warm paper with a gray wash; only the figures have color."""

from __future__ import annotations

import numpy as np

from generation.starter.scenes.canvas import Floats
from generation.starter.scenes.styles.fields import (
    Picture,
    blur,
    color,
    drawn_lines,
    gray,
    over,
    saturate,
    smooth,
    warped,
)


def paint(picture: Picture) -> Floats:
    """Black lines, a wash in three steps, and tinted figures."""
    side, unit = picture.side, picture.unit
    hand = smooth(side, picture.any_texture()) * 0.8 * unit
    tone = 1 - gray(blur(warped(picture.rgb, hand, hand), 1.1 * unit))
    wash = np.select([tone > 0.80, tone > 0.56, tone > 0.32], [0.52, 0.28, 0.11], 0.0)  # noqa: PLR2004
    wash = blur(wash.astype(np.float32), 0.8 * unit) * (1 + 0.10 * smooth(side, picture.any_texture()))
    paper = np.broadcast_to(color(0.972, 0.952, 0.905), picture.rgb.shape)
    page = over(paper, color(0.22, 0.24, 0.32), wash)
    tinted = saturate(picture.rgb, 1.15) * 0.90 + 0.08
    page = over(page, tinted, picture.mask * 0.94)
    rough = Picture(warped(picture.rgb, hand * 0.6, hand * 0.6), picture.mask, picture.rng)
    line = drawn_lines(rough, 0.85, 0.95, 0.5, 1.2)
    return over(page, color(0.07, 0.07, 0.12), line)
