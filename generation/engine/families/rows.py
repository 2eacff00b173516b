"""Rows through a network in the batches that suit the device, with the same bits in any company.

On a CPU a batch may change a row's bits: only numbers of rows that were tried out share a forward pass, and a network
that fills the cores with one row runs one at a time. Elsewhere all rows go at once.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, Protocol

import torch

from generation.contracts import Network
from generation.engine.exactness import Batch, RowCounts, in_exact_batches, random_batch
from generation.engine.families.base import Conditioning, LatentShape
from generation.engine.seams import edges_meet

BATCH_POSITIONS: Final = {"cpu": 16 * 16 * 16, "cuda": 64 * 64 * 32}
"""Latent positions of a full batch. On a CPU sixteen rows of a 16 x 16 latent: beyond, caches overflow and nothing is
gained (measured: 4 rows of 32 x 32 take as long per row as 16)."""
MOST_ROWS: Final = 16
"""Rows of an exact batch on a CPU: a small shape takes more, but an engine seldom has more to give."""
PROBED_WORK: Final = 10**11
"""Latent positions times parameters of one row up to which a CPU gains from batches and exact counts are tried out;
a larger network fills the cores with one row, and rows then run one at a time."""

ToldShapes = tuple[tuple[int, ...], ...]
"""Of one row of the conditioning's tensors."""


class Forward(Protocol):
    """A family's networks."""

    def __call__(
        self, network: Network, rows: torch.Tensor, timesteps: torch.Tensor, told: Conditioning
    ) -> torch.Tensor:
        """Rows (n, channels, h, w) in the networks' dtype to outputs of the same shape, float32."""
        ...


class Rows:
    """Runs the networks of one checkpoint.

    device, dtype: of the networks.
    """

    def __init__(self, forward: Forward, networks: Mapping[Network, Any]) -> None:
        """Make a runner.

        forward: the family's way through one of the networks.
        networks: all on one device, in one dtype; the size of `base` says what a batch gains.
        """
        self._forward = forward
        self._networks = networks
        network = networks["base"]
        self._parameters = sum(weight.numel() for weight in network.parameters())
        self._counts: dict[tuple[Network, LatentShape, ToldShapes, bool, Hashable], RowCounts] = {}
        self._form: Hashable = ()
        self.device: torch.device = network.device
        self.dtype: torch.dtype = network.dtype

    def limit(self, latent_shape: LatentShape) -> int:
        """Rows of one forward pass beyond which nothing is gained at this shape.

        Even, for two cores share an odd number unevenly, and then a row's bits depend on its place.
        """
        rows = BATCH_POSITIONS[self.device.type] // (latent_shape[1] * latent_shape[2])
        return max(2, rows - rows % 2)

    @contextmanager
    def formed(self, form: Hashable) -> Iterator[None]:
        """Inside, the networks have layers of another form, for which exact numbers of rows are tried out anew.

        form: equal for what gives all kernels the same shapes.
        """
        self._form = form
        try:
            yield
        finally:
            self._form = ()

    def run(
        self, network: Network, rows: torch.Tensor, timesteps: torch.Tensor, told: Conditioning, *, seamless: bool
    ) -> torch.Tensor:
        """The outputs, float32; on a CPU the bits of a row are the same in any company."""
        inputs = (rows.to(self.dtype), timesteps, *told.tensors)
        with edges_meet(self._networks[network], seamless=seamless):
            if self.device.type != "cpu":
                return self._batch(network, *inputs)
            height, width = rows.shape[2:]
            if height * width * self._parameters > PROBED_WORK:
                singles: Iterable[Batch] = zip(*(torch.split(each, 1) for each in inputs), strict=True)
                return torch.cat([self._batch(network, *single) for single in singles])
            counts = self._counts_of(network, inputs, seamless=seamless)
            return in_exact_batches(lambda *batch: self._batch(network, *batch), inputs, counts)

    def counts(
        self, network: Network, latent_shape: LatentShape, told_shapes: ToldShapes, *, seamless: bool = False
    ) -> RowCounts:
        """The exact row counts of a shape of latents and conditioning, tried out when it is first met.

        latent_shape: of what the network sees of a row.
        seamless: as the network pads now.
        """
        key = (network, latent_shape, told_shapes, seamless, self._form)
        if key not in self._counts:
            like = torch.empty(0, device=self.device, dtype=self.dtype)
            sample = random_batch(min(MOST_ROWS, self.limit(latent_shape)), latent_shape, told_shapes, like)
            self._counts[key] = RowCounts(lambda *batch: self._batch(network, *batch), sample)
        return self._counts[key]

    def _counts_of(self, network: Network, inputs: Batch, *, seamless: bool) -> RowCounts:
        rows, _, *told = inputs
        channels, height, width = rows.shape[1:]
        told_shapes = tuple(tuple(each.shape[1:]) for each in told)
        return self.counts(network, (channels, height, width), told_shapes, seamless=seamless)

    def _batch(
        self, network: Network, rows: torch.Tensor, timesteps: torch.Tensor, *told: torch.Tensor
    ) -> torch.Tensor:
        return self._forward(network, rows, timesteps, Conditioning(*told))
