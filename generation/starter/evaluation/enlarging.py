"""Whether the high-resolution stage beats bicubic upsampling: nearer to the true picture, and as sharp as it."""

from __future__ import annotations

from typing import Final

import torch
from torch.nn import functional

from generation.starter.evaluation.held_out import Asked
from generation.starter.evaluation.reconstruction import through_vae
from generation.starter.training.device import Device
from generation.starter.training.encoded import upsampled
from generation.starter.training.folders import Networks
from generation.starter.training.measures import psnr
from generation.starter.training.networks import picture_bytes, vae_pixels
from generation.starter.training.sampling import enlarge

STRENGTHS: Final = (0.15, 0.3, 0.45)
BATCH: Final = 16


def sharpness(pixels: torch.Tensor) -> float:
    """Mean squared Laplacian of the gray pictures; (batch, 3, side, side)."""
    kernel = torch.tensor([[0.0, 1, 0], [1, -4, 1], [0, 1, 0]])[None, None]
    return functional.conv2d(pixels.float().mean(1, keepdim=True), kernel).pow(2).mean().item()


def enlarging(networks: Networks, asked: Asked, device: Device) -> dict[str, dict[str, float]]:
    """PSNR in dB against the true large picture, and sharpness in units of its own, for bicubic and for some strengths.

    All start from what the base stage hands over: the true picture at half the size, through the VAE.
    """
    true = vae_pixels(torch.from_numpy(asked.pictures))
    halved = picture_bytes(functional.avg_pool2d(true, 2)).numpy()
    small = through_vae(networks["vae"], halved, device)
    unet, table = networks["hires"], {"bicubic": _compared(upsampled(small), true)}
    for strength in STRENGTHS:
        parts = [
            enlarge(unet, networks, device, small[i : i + BATCH], asked.prompts[i : i + BATCH], strength=strength)
            for i in range(0, len(asked), BATCH)
        ]
        table[f"strength {strength:g}"] = _compared(torch.cat(parts), true)
    return table


def _compared(pixels: torch.Tensor, true: torch.Tensor) -> dict[str, float]:
    relative = sharpness(pixels) / max(1e-12, sharpness(true))
    return {"PSNR dB": round(psnr(pixels, true).mean().item(), 2), "sharpness": round(relative, 3)}
