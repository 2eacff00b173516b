"""A picture in the colors and contrasts of another: its estimate is led to the other's statistics while it is vague.

The mean and the spread of each latent channel carry tint, light and contrast, and nothing of what lies where; led in
the first part of a run, the rest of it draws the prompt's things in that light.

Source: Huang & Belongie 2017, "Arbitrary Style Transfer in Real-time with Adaptive Instance Normalization", equation 8,
on the estimate of the clean latents instead of on a network's features.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import torch

LED_UNTIL: Final = 0.7
"""Share of the way from pure noise, in timesteps of training, on which a picture is led; ever less towards its end."""
MOST_STRETCH: Final = 2.0
"""The first estimates are nearly flat; stretched to a picture's full contrast at once they would be all noise."""


@dataclass(frozen=True, slots=True)
class Style:
    """What a picture is led to, and how far.

    mean, spread: (channels, 1, 1), float32, of clean latents.
    weight: 0 to 1.
    """

    mean: torch.Tensor
    spread: torch.Tensor
    weight: float

    @classmethod
    def of(cls, latents: Sequence[torch.Tensor], weights: Sequence[float]) -> Self:
        """The style of several pictures, each (channels, h, w), by their weights; the strongest says how far."""
        total = sum(weights)
        mean = sum(_mean(one) * (w / total) for one, w in zip(latents, weights, strict=True))
        spread = sum(_spread(one) * (w / total) for one, w in zip(latents, weights, strict=True))
        assert isinstance(mean, torch.Tensor)  # noqa: S101 -- there is at least one picture
        assert isinstance(spread, torch.Tensor)  # noqa: S101
        return cls(mean, spread, max(weights))

    def lead(self, denoised: torch.Tensor, way_done: float) -> torch.Tensor:
        """An estimate of the clean latents, (channels, h, w), led to the style.

        way_done: 0 (pure noise) to 1 (clean), in timesteps of training.
        """
        share = self.weight * max(0.0, 1 - way_done / LED_UNTIL)
        if share == 0:
            return denoised
        stretch = (self.spread / _spread(denoised)).clamp(1 / MOST_STRETCH, MOST_STRETCH)
        styled = (denoised - _mean(denoised)) * stretch + self.mean
        return denoised + (styled - denoised) * share


def _mean(latents: torch.Tensor) -> torch.Tensor:
    return latents.mean(dim=(-2, -1), keepdim=True)


def _spread(latents: torch.Tensor) -> torch.Tensor:
    return latents.std(dim=(-2, -1), keepdim=True).clamp(min=1e-6)
