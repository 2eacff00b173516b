"""How weights change: Muon for the matrices inside a network, AdamW for everything else.

Sources: Jordan et al. 2024, "Muon: An optimizer for hidden layers in neural networks"; Liu et al. 2025, "Muon is
Scalable for LLM Training", whose scale lets both halves share one learning rate.

At equal time on two cores Muon was the largest step forward of this recipe; `docs/starter-model.md` has the figures.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import torch
from torch import nn

from generation.starter.training.muon import Muon

LEAST_SIDE: Final = 32
"""A matrix with a shorter side goes to AdamW: there is nothing to balance in it. So do the layers around pixels."""


@dataclass(frozen=True, slots=True)
class Optimization:
    """How weights change, and the shape of the learning rate and of the average.

    peak: highest learning rate. betas: AdamW's. hold: share of the time at the peak. ema: decay of the average.
    newton_schulz: Muon's iterations; fewer are cheaper, which counts where a step is short.
    """

    peak: float
    betas: tuple[float, float] = (0.9, 0.99)
    weight_decay: float = 0.01
    ema: float = 0.999
    hold: float = 0.4
    clip_norm: float = 1.0
    newton_schulz: int = 5


class Optimizer:
    """The optimizer of one network and of the helper that is trained beside it.

    Weights of convolutions are matrices of (outputs, inputs x cells). Embeddings, the helper and whatever is no matrix
    go to AdamW.
    """

    def __init__(self, network: nn.Module, helper: nn.Module | None, how: Optimization) -> None:
        self._how = how
        hidden = list(_hidden(network))
        ids = {id(weight) for weight in hidden}
        self._parameters = [p for part in (network, helper) if part is not None for p in part.parameters()]
        self._hidden = [(weight, nn.Parameter(_as_matrix(weight.detach(), weight))) for weight in hidden]
        rest = [p for p in self._parameters if id(p) not in ids]
        decay = how.weight_decay
        self._halves: list[torch.optim.Optimizer] = [
            torch.optim.AdamW(rest, how.peak, betas=how.betas, weight_decay=decay, fused=True)
        ]
        if matrices := [matrix for _, matrix in self._hidden]:
            self._halves.append(Muon(matrices, how.peak, weight_decay=decay, ns_steps=how.newton_schulz))

    def step(self, rate: float) -> None:
        """Change the weights by their gradients at this learning rate, and forget the gradients."""
        torch.nn.utils.clip_grad_norm_(self._parameters, self._how.clip_norm)
        for weight, matrix in self._hidden:
            matrix.grad = None if weight.grad is None else _as_matrix(weight.grad, weight)
            weight.grad = None
        for half in self._halves:
            for group in half.param_groups:
                group["lr"] = rate
            half.step()
            half.zero_grad(set_to_none=True)

    def state(self) -> list[dict[str, Any]]:
        """What a resumed stage goes on from."""
        return [half.state_dict() for half in self._halves]

    def restore(self, state: list[dict[str, Any]]) -> None:
        """Effects: takes over what `state` gave."""
        for half, kept in zip(self._halves, state, strict=True):
            half.load_state_dict(kept)


def _hidden(network: nn.Module) -> Iterator[nn.Parameter]:
    """The weights of all linear and convolutional layers that are neither narrow nor at the network's ends."""
    for layer in network.modules():
        if isinstance(layer, nn.Linear | nn.Conv2d):
            weight: Any = layer.weight
            if min(len(weight), weight.numel() // len(weight)) >= LEAST_SIDE:
                yield weight


def _as_matrix(values: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """(outputs, inputs x cells), sharing memory with `values` when they lie as `weight` does."""
    ordered = values if weight.is_contiguous() else values.permute(0, 2, 3, 1)
    return ordered.flatten(1)
