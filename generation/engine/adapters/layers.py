"""Additions of low rank to the layers of a network, beside their weights and never in them.

`y = W x + up(down(x))`. A hook adds the second term while the network wears it; afterwards the network is as before.

Source: Hu et al. 2021, "LoRA: Low-Rank Adaptation of Large Language Models", equation 3.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import torch
import torch.nn.functional as F  # noqa: N812 -- torch's own name for it
from torch import nn

from generation.engine.exactness import RowLinear

IS_DRESSED: Final = "is_dressed"
"""The attribute of a network that wears something now: a recording of its bare forward pass would leave that out."""


@dataclass(frozen=True, slots=True)
class LowRank:
    """What is added to one layer.

    down: (rank, in) of a linear layer, (rank, in, h, w) of a convolution.
    up: (out, rank) or (out, rank, 1, 1), the scale of its training multiplied in.
    """

    down: torch.Tensor
    up: torch.Tensor

    @property
    def rank(self) -> int:
        """How many directions it has."""
        return len(self.down)

    @property
    def size_bytes(self) -> int:
        """What it takes in memory."""
        return self.down.nbytes + self.up.nbytes


@dataclass(frozen=True, slots=True)
class Addition:
    """A layer of a network by its name there, and what is added to it."""

    name: str
    layer: nn.Module
    low: LowRank


def joined(parts: Sequence[tuple[LowRank, float]]) -> LowRank:
    """Several additions to one layer, each with its weight, as one of all their ranks."""
    downs, ups = [low.down for low, _ in parts], [low.up * weight for low, weight in parts]
    return LowRank(torch.cat(downs, dim=0), torch.cat(ups, dim=1))


def fitted(low: LowRank, layer: nn.Module) -> LowRank | None:
    """The addition in the layer's form, device and dtype; None where it does not fit."""
    shape: torch.Size | None = layer.weight.shape if isinstance(layer, nn.Linear | RowLinear | nn.Conv2d) else None
    if shape is None or (isinstance(layer, nn.Conv2d) and layer.groups != 1):
        return None
    down, up = _like(low.down, len(shape)), _like(low.up, len(shape))
    if down is None or up is None or down.shape[1:] != shape[1:] or up.shape[:2] != (shape[0], len(down)):
        return None
    if up.shape[2:].numel() != 1:
        return None
    weight: Any = layer.weight
    return LowRank(*(part.to(weight.device, weight.dtype).contiguous() for part in (down, up)))


@contextmanager
def dressed(network: nn.Module, additions: Iterable[Addition]) -> Iterator[None]:
    """Let a network's layers add these inside the context.

    Not safe for concurrency: whoever runs the network meanwhile wears them too. The engine thread alone runs networks.
    """
    hooks = [addition.layer.register_forward_hook(_adder(addition.low)) for addition in additions]
    setattr(network, IS_DRESSED, bool(hooks))
    try:
        yield
    finally:
        setattr(network, IS_DRESSED, False)
        for hook in hooks:
            hook.remove()


def is_dressed(network: nn.Module) -> bool:
    """Whether a network wears something now."""
    return bool(getattr(network, IS_DRESSED, False))


def _adder(low: LowRank) -> Callable[[nn.Module, tuple[torch.Tensor, ...], torch.Tensor], torch.Tensor]:
    def add(layer: nn.Module, inputs: tuple[torch.Tensor, ...], output: torch.Tensor) -> torch.Tensor:
        return output + _added(layer, inputs[0], low)

    return add


def _added(layer: nn.Module, x: torch.Tensor, low: LowRank) -> torch.Tensor:
    """What a layer's output gains; row by row where the layer multiplies so."""
    if isinstance(layer, nn.Conv2d):
        narrow = layer._conv_forward(x, low.down, None)  # noqa: SLF001 -- it alone pads as the layer does now
        return F.conv2d(narrow, low.up)
    if isinstance(layer, RowLinear):
        return torch.cat([F.linear(F.linear(row, low.down), low.up) for row in torch.split(x, 1)])
    return F.linear(F.linear(x, low.down), low.up)


def _like(part: torch.Tensor, dimensions: int) -> torch.Tensor | None:
    """A linear part for a convolution of 1 x 1, or the other way; None where it is neither."""
    if part.ndim == dimensions:
        return part
    if part.ndim == 4 and part.shape[2:] == (1, 1) and dimensions == 2:  # noqa: PLR2004 -- a convolution's, a linear's
        return part[:, :, 0, 0]
    return part[:, :, None, None] if part.ndim == 2 and dimensions == 4 else None  # noqa: PLR2004
