"""Classifier-free guidance and weighted multi-prompts, as one weight per row.

`e = e_uncond + sum_i s * w_i * (e_i - e_uncond)` with the w_i summing to 1 is a weighted sum of rows, so a
picture's guidance is a short list of numbers, whatever its scale and however many parts its prompt has.
The network's output may be eps or v: both are the same affine map of one another for every row.

Source: Ho & Salimans 2022, "Classifier-Free Diffusion Guidance"; Liu et al. 2022, "Compositional Visual
Generation with Composable Diffusion Models".
"""

from __future__ import annotations

from collections.abc import Sequence

import torch


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
