"""The same bits in any company.

A matrix product may sum in another order when a batch has another number of rows, and then a seed's picture
would depend on who else is painting. Two measures keep that out, at next to no cost:

- `RowLinear` gives every row a product of its own, so that the shape of a product never changes;
- `RowCounts` tries out, once per shape, which numbers of rows give the bits of a large batch, and pads every batch
  to one of those. Kernels are chosen by shape and never by value, so what holds for a random batch holds for all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import torch
import torch.nn.functional as F  # noqa: N812 -- torch's own name for it
from torch import nn

Batch = tuple[torch.Tensor, ...]
"""Rows (n, channels, h, w), timesteps (n,) and what else each row has, each (n, ...)."""
Forward = Callable[..., torch.Tensor]
"""The tensors of a batch to outputs (n, channels, h, w)."""

TRAINED_TIMESTEPS: Final = 1000


class RowLinear(nn.Module):
    """A linear layer that multiplies row by row, so that a row's bits do not depend on how many rows there are."""

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        self.weight = linear.weight
        self.bias = linear.bias

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(rows, ..., in) to (rows, ..., out)."""
        return torch.cat([F.linear(row, self.weight, self.bias) for row in torch.split(x, 1)])


def use_row_linears(module: nn.Module) -> None:
    """Replace every linear layer below `module` by a `RowLinear` on the same weights.

    Effects: changes the module in place.
    """
    for name, child in module.named_children():
        if type(child) is nn.Linear:
            setattr(module, name, RowLinear(child))
        else:
            use_row_linears(child)


class RowCounts:
    """Which numbers of rows give the same bits as the largest batch, for one network at one latent shape.

    Found out on demand and remembered. Where the place in a batch matters, because threads share its rows unevenly, or
    the company does, half as many rows are tried, at last one at a time, which is exact by construction.
    """

    def __init__(self, forward: Forward, sample: Batch) -> None:
        """Find the largest batch.

        sample: a batch beyond which nothing is gained, each row different.
        """
        self._forward = forward
        self._sample, self._outputs = sample, forward(*sample)
        while self.largest > 1 and not self._is_same_in_any_place_and_company():
            self._sample = _first(self.largest // 2, sample)
            self._outputs = forward(*self._sample)
        self._known = {self.largest: True}

    @property
    def largest(self) -> int:
        """The most rows that may share a forward pass."""
        return len(self._outputs)

    def padded(self, rows: int) -> int:
        """The smallest exact number of rows found that holds `rows`; at most the largest batch.

        Even numbers and powers of two are tried and not every one: each try is a forward pass that people wait for.
        """
        wanted = min(rows, self.largest)
        likely = {wanted, wanted + wanted % 2, *(1 << n for n in range(self.largest.bit_length())), self.largest}
        return next(count for count in sorted(likely) if wanted <= count <= self.largest and self._is_exact(count))

    def _is_same_in_any_place_and_company(self) -> bool:
        """Move every row on by one place, the last making room for a second first; then change the halves over.

        Threads take a batch in stretches: by one place few rows change their thread, by half of the batch all do.
        """
        moved = (torch.cat([part[:1], part[:-1]]) for part in self._sample)
        if not torch.equal(self._forward(*moved)[1:], self._outputs[:-1]):
            return False
        half = self.largest // 2
        changed = (part.roll(half, 0) for part in self._sample)
        return torch.equal(self._forward(*changed), self._outputs.roll(half, 0))

    def _is_exact(self, count: int) -> bool:
        if count not in self._known:
            self._known[count] = torch.equal(self._forward(*_first(count, self._sample)), self._outputs[:count])
        return self._known[count]


def random_batch(
    rows: int, latent_shape: tuple[int, int, int], told_shapes: Sequence[tuple[int, ...]], like: torch.Tensor
) -> Batch:
    """Rows, timesteps and what else each row has to try a network with; the same every time.

    told_shapes: of one row of the conditioning's tensors.
    like: any tensor of the wanted device and dtype.
    """
    generator = torch.Generator(device="cpu").manual_seed(0)
    latents = torch.randn((rows, *latent_shape), generator=generator).to(like)
    told = [torch.randn((rows, *shape), generator=generator).to(like) for shape in told_shapes]
    timesteps = torch.randint(0, TRAINED_TIMESTEPS, (rows,), generator=generator).float().to(like.device)
    return latents, timesteps, *told


def in_exact_batches(forward: Forward, inputs: Batch, counts: RowCounts) -> torch.Tensor:
    """Run any number of rows in batches of exact sizes, padded with copies of the last row."""
    rows = len(inputs[0])
    outputs: list[torch.Tensor] = []
    done = 0
    while done < rows:
        batch = counts.padded(rows - done)
        taken = min(batch, rows - done)
        padded = tuple(_pad(part[done : done + taken], batch) for part in inputs)
        outputs.append(forward(*padded)[:taken])
        done += taken
    return torch.cat(outputs)


def _first(count: int, batch: Batch) -> Batch:
    """The first `count` rows of a batch."""
    return tuple(part[:count] for part in batch)


def _pad(rows: torch.Tensor, count: int) -> torch.Tensor:
    """Repeat the last row until there are `count`."""
    missing = count - len(rows)
    return rows if missing == 0 else torch.cat([rows, rows[-1:].expand(missing, *rows.shape[1:])])
