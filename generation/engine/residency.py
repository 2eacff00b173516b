"""Which checkpoints' weights lie on the device, within a budget: the one that was used longest ago waits in RAM.

Weights never change, so their copy in RAM is made once: from then on a checkpoint leaves the device for nothing and
comes back at the speed of the bus, which pinned memory gives in full. A checkpoint in use never moves.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final, Protocol

import torch

from generation.engine.accelerating import forget_ways
from generation.engine.families.base import Family
from generation.engine.networks import networks_of

logger = logging.getLogger(__name__)

SHARE: Final = 0.8
"""Of a device's memory for weights; the rest is for what networks make on their way."""


class Mover(Protocol):
    """Moves the weights of a checkpoint."""

    def bytes_of(self, family: Family) -> int:
        """What its weights take on the device."""
        ...

    def park(self, family: Family) -> None:
        """Free its weights on the device and keep them in RAM."""
        ...

    def bring_back(self, family: Family) -> None:
        """Put its weights on its device again, with the bits that they had."""
        ...

    def forget(self, family: Family) -> None:
        """Let go of what is kept in RAM for it."""
        ...


class PinnedMover:
    """Keeps a copy of all weights in RAM that the device can read by itself."""

    def __init__(self, *, pins: bool = True) -> None:
        """Nothing is kept yet; pins: whether RAM is pinned, which needs CUDA."""
        self._pins = pins
        self._copies: dict[int, list[torch.Tensor]] = {}

    def bytes_of(self, family: Family) -> int:
        """The sum over all its weights, tied ones once."""
        return sum({weight.data_ptr(): weight.nbytes for weight in _weights(family)}.values())

    def park(self, family: Family) -> None:
        """Let its modules hold the copies in RAM, which are made the first time."""
        for network in networks_of(family):
            forget_ways(network)
        if id(family) not in self._copies:
            self._copies[id(family)] = [self._copied(weight) for weight in _weights(family)]
        for weight, copy in zip(_weights(family), self._copies[id(family)], strict=True):
            weight.data = copy
        if torch.cuda.is_available():
            torch.cuda.empty_cache()

    def bring_back(self, family: Family) -> None:
        """Copy to its device; steps that follow on the same stream wait for it."""
        for weight in _weights(family):
            weight.data = torch.empty_like(weight.data, device=family.device).copy_(weight.data, non_blocking=True)

    def forget(self, family: Family) -> None:
        """Free the copies."""
        self._copies.pop(id(family), None)

    def _copied(self, weight: torch.Tensor) -> torch.Tensor:
        copy = torch.empty_like(weight, device="cpu")
        return (copy.pin_memory() if self._pins else copy).copy_(weight)


@dataclass(slots=True)
class _Row:
    """One line of the table: a checkpoint, what it takes, and whether it is on the device."""

    family: Family
    size_bytes: int
    is_on_device: bool = True


class Residency:
    """The table of checkpoints in memory. The engine thread alone may touch it."""

    def __init__(self, budget_bytes: int, mover: Mover | None = None) -> None:
        """Nothing is there yet.

        Args:
            budget_bytes: What all weights on the device may take together, those in use aside.
            mover: How weights move.
        """
        self._budget_bytes = budget_bytes
        self._mover: Mover = mover or PinnedMover()
        self._rows: dict[str, _Row] = {}  # the one that was used last stands last

    @property
    def on_device(self) -> tuple[str, ...]:
        """The checkpoints whose weights lie on the device, the one that was used longest ago first."""
        return tuple(name for name, row in self._rows.items() if row.is_on_device)

    @property
    def used_bytes(self) -> int:
        """What they take."""
        return sum(row.size_bytes for row in self._rows.values() if row.is_on_device)

    def use(self, name: str, family: Family, *, busy: Collection[str]) -> None:
        """Have a checkpoint on the device; others that are not busy make way first."""
        row = self._rows.pop(name, None) or _Row(family, self._mover.bytes_of(family))
        self._make_way(row.size_bytes, busy)
        if not row.is_on_device:
            self._mover.bring_back(family)
            row.is_on_device = True
        self._rows[name] = row

    def park_idle(self, busy: Collection[str]) -> bool:
        """Let all that are not busy make way, for memory ran out; whether there was any."""
        idle = [row for name, row in self._rows.items() if row.is_on_device and name not in busy]
        for row in idle:
            self._park(row)
        return bool(idle)

    def forget(self, name: str) -> None:
        """Take a checkpoint from the table; one that is not there is no error."""
        row = self._rows.pop(name, None)
        if row:
            self._mover.forget(row.family)

    def _make_way(self, size_bytes: int, busy: Collection[str]) -> None:
        """Park others until so much more fits, those that were used longest ago first."""
        for name, row in self._rows.items():
            if self.used_bytes + size_bytes <= self._budget_bytes:
                return
            if row.is_on_device and name not in busy:
                self._park(row)

    def _park(self, row: _Row) -> None:
        self._mover.park(row.family)
        row.is_on_device = False
        logger.info("A checkpoint of %d MB waits in RAM.", row.size_bytes // 2**20)


def budget_bytes(gigabytes: float) -> int | None:
    """The budget of this machine's device, 0 for `SHARE` of its memory; None where weights lie in RAM anyway."""
    if not torch.cuda.is_available():
        return None
    return int(gigabytes * 2**30) or int(torch.cuda.get_device_properties(0).total_memory * SHARE)


def _weights(family: Family) -> Iterator[torch.Tensor]:
    """All parameters and buffers, in an order that stays."""
    for network in networks_of(family):
        yield from network.parameters()
        yield from network.buffers()
