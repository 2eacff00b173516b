"""Between the rasters that leave the engine and the tensors that networks take."""

from __future__ import annotations

import numpy as np
import torch

from generation.contracts import Raster


def to_pixels(raster: Raster, device: torch.device) -> torch.Tensor:
    """A raster as a network takes it: (1, 3, height, width), float32, -1 to 1."""
    values = np.frombuffer(raster.rgb, dtype=np.uint8).reshape(raster.height_px, raster.width_px, 3)
    pixels = torch.from_numpy(values.copy()).permute(2, 0, 1).to(device=device, dtype=torch.float32)
    return (pixels / 127.5 - 1)[None]


def to_rasters(pixels: torch.Tensor) -> tuple[Raster, ...]:
    """Pixels of a network as rasters; values beyond -1 to 1 are clipped.

    pixels: (pictures, 3, height, width), -1 to 1.
    """
    levels = ((pixels.float() / 2 + 0.5).clamp(0, 1) * 255).round().to(torch.uint8)
    rows = levels.permute(0, 2, 3, 1).contiguous().cpu().numpy()
    return tuple(Raster(picture.shape[1], picture.shape[0], picture.tobytes()) for picture in rows)
