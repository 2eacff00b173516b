"""How much work a step is, by which the scheduler shares a device: floating-point operations, counted while it runs.

A multiply-add counts as two. Convolutions, linear layers and attention products count, which are all but a few percent
of any denoising network. The layers tell their shapes by hooks, which choose no other kernel: no bit changes.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import torch
from torch import nn

from generation.engine.exactness import RowLinear
from generation.engine.networks import networks_of

UNCOUNTED_FLOPS: Final = 1e12
"""Of a row, where nothing could be counted: a large network's order of magnitude."""


@dataclass(slots=True)
class FlopCount:
    """What ran while it was counted.

    rows: rows of all forward passes, one that tried something out included.
    """

    flops: float = 0.0
    rows: int = 0


class StepCosts:
    """FLOPs of a row of each bucket, counted in the first step that it makes."""

    def __init__(self) -> None:
        self._per_row: dict[Hashable, float] = {}

    @contextmanager
    def counted(self, bucket: Hashable, family: object, *, passes: int = 1) -> Iterator[None]:
        """Count what the networks of a family do inside, unless the bucket is known.

        passes: how often a step runs the network for a row: once for each of its tiles.
        """
        if bucket in self._per_row:
            yield
            return
        with counting(networks_of(family)) as count:
            yield
        if count.rows or not count.flops:  # else it failed on its way
            self._per_row[bucket] = passes * (count.flops / count.rows if count.flops else UNCOUNTED_FLOPS)

    def of(self, bucket: Hashable, rows: int) -> float:
        """What so many rows of a bucket cost; 0 for one that never ran."""
        return self._per_row.get(bucket, 0.0) * rows


@contextmanager
def counting(networks: Iterable[nn.Module]) -> Iterator[FlopCount]:
    """Count what these networks do inside. A network that never runs counts nothing.

    Effects: hooks on the networks, gone at the end.
    """
    count = FlopCount()
    hooks: list[Any] = []
    try:
        for network in networks:
            hooks.append(network.register_forward_hook(_rows_counter(count)))
            for layer in network.modules():
                hooks += _hooks_of(layer, count)
        yield count
    finally:
        for hook in hooks:
            hook.remove()


def _hooks_of(layer: nn.Module, count: FlopCount) -> list[Any]:
    """The hooks that count one layer; an attention's product is counted where its keys come out."""
    if isinstance(layer, nn.Conv2d):
        return [layer.register_forward_hook(_convolution_counter(count))]
    if isinstance(layer, nn.Linear | RowLinear):
        return [layer.register_forward_hook(_linear_counter(count))]
    queries, keys = getattr(layer, "to_q", None), getattr(layer, "to_k", None)
    if isinstance(queries, nn.Module) and isinstance(keys, nn.Module):
        seen: list[torch.Size] = []
        return [
            queries.register_forward_hook(lambda _layer, _inputs, output: seen.append(output.shape)),
            keys.register_forward_hook(_attention_counter(count, seen)),
        ]
    return []


def _rows_counter(count: FlopCount) -> Any:
    def add(_layer: nn.Module, _inputs: Any, output: Any) -> None:
        first = output[0] if isinstance(output, tuple) else output
        count.rows += len(first) if isinstance(first, torch.Tensor) else 1

    return add


def _convolution_counter(count: FlopCount) -> Any:
    def add(layer: nn.Conv2d, _inputs: Any, output: torch.Tensor) -> None:
        count.flops += 2.0 * output.numel() * layer.weight[0].numel()

    return add


def _linear_counter(count: FlopCount) -> Any:
    def add(layer: nn.Linear, _inputs: Any, output: torch.Tensor) -> None:
        count.flops += 2.0 * output.numel() * layer.weight.shape[1]

    return add


def _attention_counter(count: FlopCount, queries: list[torch.Size]) -> Any:
    """Two products of queries with keys and of weights with values: (rows, tokens, width) each."""

    def add(_layer: nn.Module, _inputs: Any, output: torch.Tensor) -> None:
        rows, tokens, width = queries.pop()
        count.flops += 4.0 * rows * tokens * output.shape[1] * width

    return add
