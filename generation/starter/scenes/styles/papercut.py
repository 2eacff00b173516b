"""Paper cut: sheets of colored paper above one another, which `Pen.plane` draws; this adds the rest."""

from __future__ import annotations

import numpy as np

from generation.starter.scenes.canvas import Floats
from generation.starter.scenes.styles.fields import Picture, blur, grain, saturate, shifted, smooth


def paint(picture: Picture) -> Floats:
    """Fibers in the paper; figures lie on top, with a cut white edge and a shadow."""
    side, unit = picture.side, picture.unit
    fiber = 0.6 * grain(side, picture.any_texture()) + 0.4 * smooth(side, picture.any_texture())
    below = 1 - picture.mask
    shadow = blur(shifted(picture.mask, 2.6 * unit, 3.6 * unit), 1.8 * unit) * below
    rim = np.clip(blur(picture.mask, 1.3 * unit) * 3.2, 0, 1) * below
    page = saturate(picture.rgb, 1.12) * 0.95 + 0.035
    page = page * (1 - 0.52 * shadow[..., None])
    page = page * (1 - 0.9 * rim[..., None]) + 0.97 * 0.9 * rim[..., None]
    lit = np.clip(picture.mask - shifted(picture.mask, 1.2 * unit, 1.2 * unit), 0, 1)
    made: Floats = np.clip(page + 0.12 * lit[..., None], 0, 1) * (1 + 0.024 * fiber[..., None])
    return made
