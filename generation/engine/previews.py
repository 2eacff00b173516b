"""Small pictures of what is coming, for next to nothing.

A latent position and the color it will become are close to linearly related, so one small matrix, fitted once per
checkpoint, replaces the decoder. The fit encodes soft color fields with the checkpoint's own encoder, which
serves every VAE alike, whatever its number of channels.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import torch
import torch.nn.functional as F  # noqa: N812 -- torch's own name for it

from generation.contracts import Raster
from generation.engine.pixels import to_rasters

FIT_PICTURES: Final = 6
FIT_SIDE_PX: Final = 128
LONGEST_SIDE_PX: Final = 96
"""No preview is larger: it is shown blurred and scaled up, and it must fit a message."""
ENLARGEMENT: Final = 4


@dataclass(frozen=True, slots=True)
class LatentToRgb:
    """A linear look at latents.

    matrix: (channels + 1, 3), float32; the last row is the color of zero latents.
    """

    matrix: torch.Tensor

    def __call__(self, latents: torch.Tensor) -> torch.Tensor:
        """Latents (pictures, channels, h, w) to pixels (pictures, 3, h, w), about -1 to 1."""
        rgb = torch.einsum("pchw,cr->prhw", latents.float(), self.matrix[:-1])
        return rgb + self.matrix[-1].view(1, 3, 1, 1)


def fit_latent_to_rgb(encode: Callable[[torch.Tensor], torch.Tensor], device: torch.device) -> LatentToRgb:
    """Find the matrix for one VAE by least squares; the same VAE always gives the same matrix.

    encode: pixels (n, 3, height, width) in -1 to 1 to scaled latents.
    """
    pixels = _color_fields(device)
    latents = torch.cat([encode(one) for one in torch.split(pixels, 1)]).float()
    colors = F.interpolate(pixels, size=latents.shape[-2:], mode="area")
    known = latents.permute(0, 2, 3, 1).reshape(-1, latents.shape[1])
    known = torch.cat([known, torch.ones_like(known[:, :1])], dim=1)
    wanted = colors.permute(0, 2, 3, 1).reshape(-1, 3)
    solution = torch.linalg.lstsq(known.double().cpu(), wanted.double().cpu(), driver="gelsd").solution
    return LatentToRgb(solution.float().to(device))


def _color_fields(device: torch.device) -> torch.Tensor:
    """Pictures with all colors and both soft and hard borders: (FIT_PICTURES, 3, side, side), -1 to 1."""
    generator = torch.Generator(device="cpu").manual_seed(0)
    coarse = torch.rand((FIT_PICTURES, 3, 6, 6), generator=generator) * 2 - 1
    soft = F.interpolate(coarse, size=(FIT_SIDE_PX, FIT_SIDE_PX), mode="bilinear")
    hard = F.interpolate(coarse, size=(FIT_SIDE_PX, FIT_SIDE_PX), mode="nearest")
    return torch.cat([soft[::2], hard[1::2]]).to(device)


def paint(latents: torch.Tensor, latent_to_rgb: LatentToRgb) -> tuple[Raster, ...]:
    """Previews of latents (pictures, channels, h, w): about four times their size, 96 px at most."""
    height, width = latents.shape[-2:]
    factor = max(1.0, min(ENLARGEMENT, LONGEST_SIDE_PX / max(height, width)))
    size = (round(height * factor), round(width * factor))
    return to_rasters(F.interpolate(latent_to_rgb(latents), size=size, mode="bicubic"))
