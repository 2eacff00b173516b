"""How much of a picture survives the VAE."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import torch

from generation.starter.training.device import Device
from generation.starter.training.measures import psnr
from generation.starter.training.networks import reconstructed, vae_pixels

BATCH: Final = 32


@torch.no_grad()
def through_vae(vae: Any, pictures: npt.NDArray[np.uint8], device: Device) -> torch.Tensor:
    """Pictures encoded and decoded, -1 to 1, (pictures, 3, side, side), on the CPU."""
    parts = torch.split(torch.from_numpy(pictures), BATCH)
    return torch.cat([reconstructed(vae, part.to(device.name), device).cpu() for part in parts])


def reconstruction(
    vae: Any, pictures: npt.NDArray[np.uint8], styles: npt.NDArray[np.str_], device: Device
) -> dict[str, float]:
    """Mean PSNR in dB over all pictures, and by style."""
    values = psnr(through_vae(vae, pictures, device), vae_pixels(torch.from_numpy(pictures))).numpy()
    by_style = {str(style): round(float(values[styles == style].mean()), 2) for style in np.unique(styles)}
    return {"all": round(float(values.mean()), 2), **by_style}
