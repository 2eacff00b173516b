"""Pictures that are painted in part: what they keep is put back at every step, and its pixels at the end.

In every step what is kept is the clean picture under the run's own noise of that level, so that what is painted
beside it always sees what it has to fit.

Source: Lugmayr et al. 2022, "RePaint: Inpainting using Denoising Diffusion Probabilistic Models", equation 8, with one
noise for the whole run; Avrahami et al. 2023, "Blended Latent Diffusion", for soft masks.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import torch

from generation.contracts import Raster
from generation.engine.masks import Mask, composite


@dataclass(frozen=True, slots=True)
class Kept:
    """What a picture keeps at one stage; shared by the pictures of a request.

    picture: of the stage's size.
    mask: (height, width), 1 where it is painted.
    painted: (1, h, w), float32, the same mask of the latents.
    clean: (channels, h, w), float32, the latents of `picture`.
    """

    picture: Raster = field(repr=False)
    mask: Mask = field(repr=False)
    painted: torch.Tensor = field(repr=False)
    clean: torch.Tensor = field(repr=False)

    def in_estimate(self, denoised: torch.Tensor) -> torch.Tensor:
        """An estimate of the clean latents with what is kept in its place; (channels, h, w)."""
        return self._beside(denoised, self.clean)

    def in_latents(self, latents: torch.Tensor, noise: torch.Tensor, level: tuple[float, float]) -> torch.Tensor:
        """Noisy latents with what is kept in its place, under the run's noise.

        level: scale of the clean latents and standard deviation of the noise.
        """
        signal, sigma = level
        return self._beside(latents, self.clean * signal + noise * sigma)

    def in_picture(self, painted: Raster) -> Raster:
        """A finished picture that keeps its own pixels where nothing was painted."""
        return composite(painted, self.picture, self.mask)

    def _beside(self, painted: torch.Tensor, kept: torch.Tensor) -> torch.Tensor:
        return painted * self.painted + kept * (1 - self.painted)
