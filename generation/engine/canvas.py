"""A picture on a larger canvas, with colors around it that denoising can begin from.

The fill carries the picture's edge outwards, ever more blurred, under a little noise: a plain color would be kept as a
flat area, and a mirrored picture would be kept as a second subject.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from generation.contracts import Placement, Raster
from generation.engine.images import fit, to_image, to_raster

NEAR_BLUR: Final = 1 / 32
FAR_BLUR: Final = 1 / 6
"""Blur of the fill beside the picture and at the canvas's far edges, as shares of the canvas's longer side."""
GRAIN: Final = 10.0
"""Standard deviation of the noise on the fill, of 255 levels."""


def placed(source: Raster, placement: Placement, width_px: int, height_px: int) -> Raster:
    """The source at its place on a canvas of a size, with a fill around it; the same every time."""
    picture = np.asarray(to_image(fit(source, placement.width_px, placement.height_px)))
    canvas = _filled(picture, placement, width_px, height_px)
    bottom, right = placement.top_px + placement.height_px, placement.left_px + placement.width_px
    canvas[placement.top_px : bottom, placement.left_px : right] = picture
    return to_raster(Image.fromarray(canvas))


def scaled(placement: Placement, across: float, down: float) -> Placement:
    """The same place on a canvas that is larger by these factors, to the nearest pixels."""
    left, top = round(placement.left_px * across), round(placement.top_px * down)
    right = round((placement.left_px + placement.width_px) * across)
    bottom = round((placement.top_px + placement.height_px) * down)
    return Placement(left_px=left, top_px=top, width_px=right - left, height_px=bottom - top)


def is_inside(placement: Placement, width_px: int, height_px: int) -> bool:
    """Whether a place lies whole on the canvas and is a place at all."""
    across = 0 <= placement.left_px < placement.left_px + placement.width_px <= width_px
    return across and 0 <= placement.top_px < placement.top_px + placement.height_px <= height_px


def _filled(
    picture: npt.NDArray[np.uint8], placement: Placement, width_px: int, height_px: int
) -> npt.NDArray[np.uint8]:
    """The canvas's fill, (height, width, 3), under the picture as well."""
    after = (
        height_px - placement.top_px - placement.height_px,
        width_px - placement.left_px - placement.width_px,
    )
    spread = np.pad(picture, ((placement.top_px, after[0]), (placement.left_px, after[1]), (0, 0)), mode="edge")
    near, far = (_blurred(spread, share * max(width_px, height_px)) for share in (NEAR_BLUR, FAR_BLUR))
    farness = _farness(placement, width_px, height_px)[..., None]
    grain = np.random.default_rng(0).normal(0, GRAIN, (height_px, width_px, 1)).astype(np.float32)
    filled = near + (far - near) * farness + grain
    return filled.round().clip(0, 255).astype(np.uint8)


def _blurred(picture: npt.NDArray[np.uint8], radius_px: float) -> npt.NDArray[np.float32]:
    return np.asarray(Image.fromarray(picture).filter(ImageFilter.GaussianBlur(radius_px)), dtype=np.float32)


def _farness(placement: Placement, width_px: int, height_px: int) -> npt.NDArray[np.float32]:
    """How far each pixel lies from the picture: 0 beside it, 1 half a picture away and further; (height, width)."""
    across = _outside(np.arange(width_px), placement.left_px, placement.width_px)
    down = _outside(np.arange(height_px), placement.top_px, placement.height_px)
    distance = np.hypot(across[None, :], down[:, None])
    reach = min(placement.width_px, placement.height_px) / 2
    return np.minimum(distance / reach, 1).astype(np.float32)


def _outside(places: npt.NDArray[np.int64], start: int, length: int) -> npt.NDArray[np.float64]:
    """Distance of each place from a stretch; 0 inside it."""
    return np.maximum(np.maximum(start - places, places - (start + length - 1)), 0).astype(np.float64)
