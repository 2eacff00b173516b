"""Mosaic: small tiles of stone, set in light mortar."""

from __future__ import annotations

import numpy as np

from generation.starter.scenes.canvas import Floats
from generation.starter.scenes.styles.fields import Picture, cells, color, drawn_lines, mean_by, over, saturate


def paint(picture: Picture) -> Floats:
    """Square tiles, smaller ones in the figures."""
    ground = _tiled(picture, 21, 0.85)
    figure = _tiled(picture, 30, 0.5)
    inside = (picture.mask > 0.5)[..., None]  # noqa: PLR2004
    out = np.where(inside, figure, ground)
    return over(out, color(0.13, 0.11, 0.13), drawn_lines(picture, 0.0, 0.8, 0.6))


def _tiled(picture: Picture, across: int, mortar: float) -> Floats:
    cut = cells(picture.side, across, 0.13, picture.any_texture())
    number = cut.number + cut.count * (picture.mask > 0.5)  # noqa: PLR2004
    tiles = mean_by(saturate(picture.rgb, 1.35), number, 2 * cut.count)
    tiles = np.clip(tiles * (1 + picture.rng.uniform(-0.13, 0.13, (len(tiles), 1))), 0, 1)
    stone = tiles[number].astype(np.float32) * (0.93 + 0.05 * np.clip(cut.inside, 0, 2)[..., None])
    return over(
        stone, stone * 0.40 + tiles.mean(0) * 0.22 + color(0.22, 0.21, 0.19), np.clip(1.15 - cut.inside, 0, 1) * mortar
    )
