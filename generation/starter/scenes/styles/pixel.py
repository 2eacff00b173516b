"""Pixel art: blocks of few colors, the figures with a dark outline."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from generation.starter.scenes.canvas import Floats
from generation.starter.scenes.styles.fields import Picture, saturate

_BLOCK = 3.0
_LEVELS = 8


def paint(picture: Picture) -> Floats:
    """Blocks of 3 px of a 128 px picture."""
    at = np.unique(np.arange(picture.side) / picture.unit // _BLOCK, return_inverse=True)[1]
    starts = np.flatnonzero(np.diff(at, prepend=-1))
    sizes = np.diff(np.append(starts, picture.side)).astype(np.float32)
    area = sizes[:, None] * sizes[None]
    blocks = _sums(picture.rgb, starts) / area[..., None]
    figure = _sums(picture.mask, starts) / area > 0.5  # noqa: PLR2004
    blocks = np.round(saturate(blocks, 1.18) * _LEVELS) / _LEVELS
    rim = ndimage.binary_dilation(figure) & ~figure
    blocks[rim] = blocks[rim] * 0.25 + np.array([0.03, 0.02, 0.07], np.float32)
    made: Floats = blocks[at][:, at].astype(np.float32)
    return made


def _sums(values: Floats, starts: np.ndarray) -> Floats:
    sums: Floats = np.add.reduceat(np.add.reduceat(values, starts, 0), starts, 1)
    return sums
