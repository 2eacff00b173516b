"""Figures that the stages report of themselves, and the evaluation of all."""

from __future__ import annotations

import torch


def psnr(one: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
    """Peak signal-to-noise ratio of each pair of pictures in -1 to 1, dB, (batch,); at most 100."""
    error = (one.float() - other.float()).pow(2).mean((1, 2, 3)) / 4  # the range is 2 wide
    return -10 * torch.log10(error.clamp(min=1e-10))


def top_one(pictures: torch.Tensor, texts: torch.Tensor) -> tuple[float, float]:
    """Shares of pictures whose nearest text is their own, and of texts whose nearest picture is.

    Both are unit vectors in rows, and pairs stand in the same rows.
    """
    likeness = pictures @ texts.T
    own = torch.arange(len(likeness), device=likeness.device)
    found = [(likeness.argmax(axis) == own).float().mean().item() for axis in (1, 0)]
    return found[0], found[1]
