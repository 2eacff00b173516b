"""Watercolor: pigment that runs, gathers at edges and leaves the paper free at the border."""

from __future__ import annotations

import numpy as np

from generation.starter.scenes.canvas import Floats
from generation.starter.scenes.styles.fields import Picture, blur, color, grain, grid, over, saturate, smooth, warped


def paint(picture: Picture) -> Floats:
    """Washes on white paper."""
    side, unit = picture.side, picture.unit
    bleed, bloom = smooth(side, picture.any_texture()), smooth(side, picture.any_texture())
    wet = warped(picture.rgb, bleed * 1.3 * unit, bloom * 1.3 * unit)
    soft = blur(wet, 0.8 * unit)
    gathered = np.clip(np.abs(soft - blur(wet, 2.6 * unit)).sum(-1, keepdims=True), 0, 0.4)
    wash = saturate(soft, 1.28) * 0.76 + 0.25 - gathered * 0.5
    wash = wash * (1 - 0.055 * bloom[..., None]) + 0.012 * grain(side, 0)[..., None]
    wash += 0.10 * np.clip(bleed - 0.9, 0, 1)[..., None] * (1 - 0.7 * picture.figure)
    paper = color(0.988, 0.976, 0.95)
    return over(np.broadcast_to(paper, wash.shape), wash, _painted(picture, bleed, bloom))


def _painted(picture: Picture, bleed: Floats, bloom: Floats) -> Floats:
    y, x = grid(picture.side)
    to_border = np.minimum(np.minimum(x, 128 - x), np.minimum(y, 128 - y))
    ragged = np.clip((to_border - 5 - 2.6 * bleed - 1.4 * bloom) / 2.6, 0, 1)
    made: Floats = np.maximum(ragged, picture.mask * np.clip(to_border / 3, 0, 1) * 0.9)
    return made
