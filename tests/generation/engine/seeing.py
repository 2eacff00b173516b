"""Rasters as numbers, to compare pictures with one another."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image

from generation.contracts import Raster
from generation.engine.images import to_image


def values(raster: Raster, side_px: int | None = None) -> npt.NDArray[np.float64]:
    """(height, width, 3), 0 to 255; averaged down to a square of `side_px` where it is given."""
    image = to_image(raster)
    if side_px is not None:
        image = image.resize((side_px, side_px), Image.Resampling.BOX)
    return np.asarray(image, dtype=np.float64)


def correlation(one: Raster, other: Raster, *, side_px: int) -> float:
    """-1 to 1: whether two pictures are light and dark at the same places."""
    return float(np.corrcoef(values(one, side_px).ravel(), values(other, side_px).ravel())[0, 1])


def psnr_db(one: Raster, other: Raster, *, side_px: int) -> float:
    """Peak signal-to-noise ratio of two pictures at one size; 20 is alike, 30 hard to tell apart."""
    error = float(np.square(values(one, side_px) - values(other, side_px)).mean())
    return float(10 * np.log10(255**2 / error))
