"""Classifier-free guidance and weighted multi-prompts, as one weight per row.

`e = e_uncond + sum_i s * w_i * (e_i - e_uncond)` with the w_i summing to 1 is a weighted sum of rows, so a
picture's guidance is a short list of numbers, whatever its scale and however many parts its prompt has.
The network's output may be eps or v: both are the same affine map of one another for every row.

Source: Ho & Salimans 2022, "Classifier-Free Diffusion Guidance"; Liu et al. 2022, "Compositional Visual
Generation with Composable Diffusion Models".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from generation.engine.sampling.guidance_interval import WHOLE, Interval, is_inside


@dataclass(frozen=True, slots=True, kw_only=True)
class Guidance:
    """How one picture is guided, from its first step to its last.

    part_weights: one per part of the prompt, relative, with a positive sum; negative ones push away.
    scale: how strongly, inside the interval; outside it is 1, and 1 means nowhere.
    trained_timesteps: of the network, what the interval is a share of.
    interval: where the scale applies, see `guidance_interval`.
    rescale: phi, 0 to 1, see `guidance_rescale`.
    """

    part_weights: tuple[float, ...]
    scale: float
    trained_timesteps: int
    interval: Interval = WHOLE
    rescale: float = 0.0

    @property
    def needs_unconditional(self) -> bool:
        """Whether some step may have an unconditional row."""
        return self.scale != 1

    def is_guided_at(self, timestep: float) -> bool:
        """Whether the step at this timestep has an unconditional row."""
        return self.needs_unconditional and is_inside(self.interval, timestep, self.trained_timesteps)

    def row_weights_at(self, timestep: float) -> tuple[float, ...]:
        """The weight of each row of the step at this timestep."""
        return row_weights(self.part_weights, self.scale if self.is_guided_at(timestep) else 1.0)

    @property
    def positive_weights(self) -> tuple[float, ...]:
        """The weights of the parts' rows alone, as at scale 1."""
        return row_weights(self.part_weights, 1.0)


def row_weights(part_weights: Sequence[float], scale: float) -> tuple[float, ...]:
    """The weight of each row of a picture: the unconditional row first, then one per part.

    At scale 1 the unconditional row would weigh 0; it is left out and costs nothing.

    part_weights: relative, with a positive sum.
    """
    total = sum(part_weights)
    parts = tuple(scale * weight / total for weight in part_weights)
    return parts if scale == 1 else (1 - scale, *parts)


def combine(outputs: torch.Tensor, weights: Sequence[Sequence[float]]) -> torch.Tensor:
    """Fold the rows of each picture into its guided output.

    Each product and each sum is rounded on its own and in a picture's own row order, so that the result
    does not depend on the other pictures of the batch.

    Args:
        outputs: (rows, channels, h/8, w/8), float32, the rows of each picture side by side.
        weights: per picture, the weights of its rows.

    Returns:
        (pictures, channels, h/8, w/8), float32.
    """
    device = outputs.device
    firsts = _first_rows(weights)
    guided = outputs[torch.tensor(firsts, device=device)] * _column([w[0] for w in weights], device)
    for row in range(1, max(len(w) for w in weights)):
        holders = [i for i, w in enumerate(weights) if len(w) > row]
        where = torch.tensor(holders, device=device)
        rows = outputs[torch.tensor([firsts[i] + row for i in holders], device=device)]
        guided[where] = guided[where] + rows * _column([weights[i][row] for i in holders], device)
    return guided


def _first_rows(weights: Sequence[Sequence[float]]) -> list[int]:
    """Index of each picture's first row."""
    firsts, at = [], 0
    for own in weights:
        firsts.append(at)
        at += len(own)
    return firsts


def _column(values: Sequence[float], device: torch.device) -> torch.Tensor:
    """Numbers as a (pictures, 1, 1, 1) float32 tensor."""
    return torch.tensor(values, dtype=torch.float32, device=device).view(-1, 1, 1, 1)
