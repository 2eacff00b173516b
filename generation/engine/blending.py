"""Several pictures as one start: their latents averaged along the sphere on which they lie.

A straight mean of latents is too short, and a network paints it flat. The mean along the sphere does not depend on
their order, and of two latents it is their spherical interpolation.

Source: Buss & Fillmore 2001, "Spherical Averages and Applications to Spherical Splines and Interpolation", algorithm
A1; White 2016, "Sampling Generative Networks", for why latents are interpolated so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import torch

ROUNDS: Final = 12
"""Of the algorithm; five directions of noise have settled to less than a millionth after twelve."""
SMALLEST: Final = 1e-6


def mixed(latents: Sequence[torch.Tensor], weights: Sequence[float]) -> torch.Tensor:
    """One start of many, each by its share of the weights; one alone is itself, to the bit.

    latents: of one shape, (channels, h, w).
    weights: 0 or more, not all 0.
    """
    taking_part = [(one, weight) for one, weight in zip(latents, weights, strict=True) if weight]
    if len(taking_part) == 1:
        return taking_part[0][0]
    total = sum(weight for _, weight in taking_part)
    shares = torch.tensor([weight / total for _, weight in taking_part])
    flat = torch.stack([one.flatten() for one, _ in taking_part])
    lengths = flat.norm(dim=1)
    directions = flat / lengths.clamp(min=SMALLEST)[:, None]
    shares = shares.to(flat.device)
    mean: torch.Tensor = _mean_direction(directions, shares) * (lengths * shares).sum()
    return mean.view_as(latents[0])


def _mean_direction(directions: torch.Tensor, shares: torch.Tensor) -> torch.Tensor:
    """The point of the sphere from which the ways to all directions, by their shares, cancel out.

    directions: (many, numbers), of length 1.
    """
    mean = _unit(shares @ directions + directions[0] * SMALLEST)  # opposite ones alone would sum to nothing
    for _ in range(ROUNDS):
        cosines = (directions @ mean).clamp(-1, 1)
        angles = torch.arccos(cosines)
        ways = (directions - cosines[:, None] * mean) * (angles / torch.sin(angles).clamp(min=SMALLEST))[:, None]
        mean = _unit(mean + shares @ ways)
    return mean


def _unit(vector: torch.Tensor) -> torch.Tensor:
    return torch.nn.functional.normalize(vector, dim=0, eps=SMALLEST)
