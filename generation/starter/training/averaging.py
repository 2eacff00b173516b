"""The moving average of a network's weights, which is what ships."""

from __future__ import annotations

import copy

import torch
from torch import nn


class MovingAverage:
    """An exponential moving average of a network's parameters; buffers, such as batch statistics, are copied.

    decay: 0 to 1, the share of the average that a step keeps; it ramps up, to forget the first weights soon.
    """

    def __init__(self, network: nn.Module, decay: float) -> None:
        self.network = copy.deepcopy(network).requires_grad_(False)
        self._decay = decay
        self._weights: tuple[list[torch.Tensor], list[torch.Tensor]] = (
            list(self.network.parameters()),
            list(network.parameters()),
        )
        self._buffers = list(zip(self.network.buffers(), network.buffers(), strict=True))

    def decay_at(self, step: int) -> float:
        """The decay after `step` steps: (1 + step) / (10 + step) until that reaches the full one."""
        return min(self._decay, (1 + step) / (10 + step))

    @torch.no_grad()
    def update(self, step: int) -> None:
        """Take in the weights after step `step`, counted from 1."""
        average, current = self._weights
        torch._foreach_lerp_(average, current, 1 - self.decay_at(step))
        for kept, now in self._buffers:
            kept.copy_(now)
