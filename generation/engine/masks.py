"""Soft masks: where a picture is painted anew and where it keeps its own pixels.

A mask is an array (height, width), float32: 1 is painted, 0 is kept, and between them the two are mixed. Its edge is
soft on the side of what is kept, so that what is painted is painted whole.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F  # noqa: N812 -- torch's own name for it
from PIL import Image, ImageFilter, ImageOps

from generation.contracts import Placement, Raster
from generation.engine.images import to_image

Mask = npt.NDArray[np.float32]

WHITE: Final = 255
BLUR: Final = 0.3
"""Standard deviation of the blur per feather: Pillow's blur then ends within one."""
PAINTED: Final = 128
"""Levels from here on count as marked by the person: below are traces of a brush's soft edge or of a lossy file."""


def is_empty(raster: Raster) -> bool:
    """Whether nothing of a mask is marked to be painted."""
    return bool(_levels(raster).max(initial=0) < PAINTED)


def drawn(raster: Raster, width_px: int, height_px: int, *, feather_px: int) -> Mask:
    """A person's mask at the size of a stage, cut to its shape as the picture is.

    raster: white is painted, black is kept.
    """
    return _feathered(_fitted(raster, width_px, height_px), feather_px)


def around(
    placement: Placement, width_px: int, height_px: int, *, feather_px: int, inside: Raster | None = None
) -> Mask:
    """All of a canvas but the place of the picture.

    inside: a person's mask of the picture, which is painted as well where it is white.
    """
    levels = np.full((height_px, width_px), WHITE, dtype=np.uint8)
    bottom, right = placement.top_px + placement.height_px, placement.left_px + placement.width_px
    levels[placement.top_px : bottom, placement.left_px : right] = (
        0 if inside is None else np.asarray(_fitted(inside, placement.width_px, placement.height_px))
    )
    return _feathered(Image.fromarray(levels), feather_px)


def of_latents(mask: Mask, height: int, width: int) -> torch.Tensor:
    """The mask of latents whose positions each stand for a square of pixels: (1, h, w), float32.

    A position is painted as far as any of its pixels is.
    """
    pixels = torch.from_numpy(mask)[None, None]
    return F.adaptive_max_pool2d(pixels, (height, width))[0]


def composite(painted: Raster, kept: Raster, mask: Mask) -> Raster:
    """What is painted laid over what is kept; where the mask is 0 the kept pixels stay to the bit. All of one size."""
    over, under = (np.asarray(to_image(raster), dtype=np.float32) for raster in (painted, kept))
    mixed = (under + (over - under) * mask[..., None]).round().clip(0, WHITE).astype(np.uint8)
    return Raster(painted.width_px, painted.height_px, mixed.tobytes())


def _fitted(raster: Raster, width_px: int, height_px: int) -> Image.Image:
    """A person's mask at a size, cut to its shape."""
    levels = Image.fromarray(_levels(raster))
    return ImageOps.fit(levels, (width_px, height_px), Image.Resampling.BILINEAR)


def _levels(raster: Raster) -> npt.NDArray[np.uint8]:
    """(height, width), 0 to 255."""
    return np.asarray(to_image(raster).convert("L"))


def _feathered(levels: Image.Image, feather_px: int) -> Mask:
    """The mask with a soft edge: 1 where it was, half of that a feather away from it, and 0 from two feathers on."""
    if feather_px:
        grown = Image.fromarray(_grown(np.asarray(levels), feather_px))
        levels = grown.filter(ImageFilter.GaussianBlur(feather_px * BLUR))
    return np.asarray(levels, dtype=np.float32) / np.float32(WHITE)


def _grown(levels: npt.NDArray[np.uint8], by_px: int) -> npt.NDArray[np.uint8]:
    """The highest level within a square of so many pixels to each side."""
    grown = levels
    for axis in (0, 1):
        reached = 0
        while reached < by_px:
            step = min(reached + 1, by_px - reached)  # further, and places between would be left out
            ahead, behind = (_moved(grown, by, axis) for by in (step, -step))
            grown = np.maximum(np.maximum(grown, ahead), behind)
            reached += step
    return grown


def _moved(levels: npt.NDArray[np.uint8], by_px: int, axis: int) -> npt.NDArray[np.uint8]:
    """The same moved along an axis; what comes in over the edge is 0."""
    moved = np.zeros_like(levels)
    length = levels.shape[axis]
    if abs(by_px) < length:
        kept = np.take(levels, range(max(0, -by_px), min(length, length - by_px)), axis)
        place = slice(max(0, by_px), min(length, length + by_px))
        moved[(place, slice(None)) if axis == 0 else (slice(None), place)] = kept
    return moved
