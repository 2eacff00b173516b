"""How many rows of a shape are worth a forward pass on this machine: measured once, kept in a file.

Beyond some number a larger batch only makes everybody wait longer for the same rows per second, and which number it is
differs between devices, networks and sizes. So the engine measures it when it has nothing else to do, one forward pass
at a time: whoever comes waits for one at most. Row counts that change bits are never chosen by a stopwatch: on a CPU
a row's bits are the same at every number, and in exact mode no profile is asked.
"""

from __future__ import annotations

import json
import logging
import platform
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import torch

from generation.engine.families.base import Conditioning, Family
from generation.engine.networks import networks_of
from generation.engine.state import Bucket, Trajectory

logger = logging.getLogger(__name__)

FILE_NAME: Final = "rows.json"
COUNTS: Final = (1, 2, 4, 6, 8, 12, 16, 24, 32, 48, 64)
REPEATS: Final = 3
"""Forward passes of a number of rows that count; one more before them chooses the kernels."""
SLOW_S: Final = 1.0
"""A forward pass this long is the last one: people would wait for the next."""
WORTH_IT: Final = 0.97
"""The smallest number of rows that gives this share of the best rate."""

Rates = Mapping[int, float]
"""Rows per second at each number of rows that was measured."""


def worth_it(rates: Rates) -> int:
    """The number of rows beyond which hardly anything is gained.

    rates: at least one.
    """
    best = max(rates.values())
    return min(rows for rows, rate in rates.items() if rate >= WORTH_IT * best)


@dataclass(slots=True)
class _Measurement:
    """A profile in the making.

    row, told: one row as its network has seen it, (1, channels, h, w), and what it is told.
    limit: the most rows that may be asked for.
    seconds: of each forward pass of the number of rows that is being measured.
    """

    family: Family
    bucket: Bucket
    row: torch.Tensor
    told: Conditioning
    limit: int
    rates: dict[int, float] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)

    def run_once(self) -> bool:
        """One forward pass; whether more are needed."""
        count = self._pending[0]
        self.seconds.append(self._timed(count))
        is_slow = len(self.seconds) > 1 and min(self.seconds) > SLOW_S
        if len(self.seconds) <= REPEATS and not is_slow:
            return True
        self.rates[count] = count / min(self.seconds)
        self.seconds = []
        return bool(self._pending) and not is_slow

    @property
    def _pending(self) -> list[int]:
        return [count for count in COUNTS if count <= self.limit and count not in self.rates]

    def _timed(self, count: int) -> float:
        rows, told = self.row.expand(count, -1, -1, -1), self.told.repeated(count)
        began = time.perf_counter()
        self.family.predict(self.bucket.network, rows, rows.new_full((count,), 500.0), told)
        if self.row.is_cuda:
            torch.cuda.synchronize()
        return time.perf_counter() - began


class RowProfiles:
    """The profiles of this machine, and what is still to be measured. The engine thread alone may touch it."""

    def __init__(self, folder: Path | None, *, max_rows: int) -> None:
        """Read what is known.

        Args:
            folder: Where the file lies or will lie; None measures nothing and knows nothing.
            max_rows: The most rows of one forward pass.
        """
        self._file = None if folder is None else folder / FILE_NAME
        self._max_rows = max_rows
        self._known: dict[str, dict[int, float]] = _read(self._file)
        self._keys: dict[Bucket, str] = {}
        self._wanted: dict[str, _Measurement] = {}

    def rows_worth_it(self, bucket: Bucket, family: Family) -> int | None:
        """The most rows of a bucket that are worth a forward pass; None while nobody knows that more are not."""
        rates = self._known.get(self._key(bucket, family))
        if not rates:
            return None
        rows = worth_it(rates)
        return rows if rows < max(rates) else None

    def note(self, trajectory: Trajectory, family: Family) -> None:
        """Remember that a bucket runs here, to measure it later.

        What is shown in tiles, wears something, or has no rows because a pipeline paints it by itself, is not measured.
        """
        bucket = trajectory.bucket
        told = trajectory.conditionings.get(bucket.network)
        if self._file is None or told is None or bucket.tiling or bucket.seamless or bucket.outfit:
            return
        key = self._key(bucket, family)
        if key in self._known or key in self._wanted:
            return
        beside = [] if trajectory.beside is None else [trajectory.beside]
        row = torch.cat([trajectory.latents, *beside])[None]
        limit = min(self._max_rows, family.row_limit(bucket.latent_shape))
        self._wanted[key] = _Measurement(family, bucket, row, told.rows(slice(-1, None)), limit)

    def measure(self, is_loaded: Callable[[str, Family], bool]) -> bool:
        """One forward pass of what is to be measured; whether there was any.

        is_loaded: Whether a checkpoint of this name is still this family, and on its device.

        Effects: writes the file when a profile is complete.
        """
        if not self._wanted:
            return False
        key, measurement = next(iter(self._wanted.items()))
        try:
            is_alive = is_loaded(measurement.bucket.checkpoint, measurement.family)
            if is_alive and measurement.run_once():
                return True
        except Exception:
            logger.warning("profiling_failed", exc_info=True)  # as when memory ran out: what was measured counts
        del self._wanted[key]
        if measurement.rates:
            self._known[key] = measurement.rates
            _write(self._file, self._known)
        return True

    def forget(self, family: Family) -> None:
        """Let go of a family that is freed."""
        self._wanted = {key: each for key, each in self._wanted.items() if each.family is not family}

    def _key(self, bucket: Bucket, family: Family) -> str:
        """What a profile depends on, as text; the number of parameters tells models apart that had one name."""
        if bucket not in self._keys:
            weights = [weight for network in networks_of(family) for weight in network.parameters()]
            parameters = sum(weight.numel() for weight in weights)
            dtypes = "+".join(sorted({str(weight.dtype).removeprefix("torch.") for weight in weights}))
            shape = "x".join(map(str, bucket.latent_shape))
            facts = (_device(family.device), torch.__version__, bucket.checkpoint, parameters, dtypes, bucket.network)
            self._keys[bucket] = " | ".join([*map(str, facts), shape, str(bucket.tokens)])
        return self._keys[bucket]


def _device(device: torch.device) -> str:
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    return f"{platform.machine()} with {torch.get_num_threads()} threads"


def _read(file: Path | None) -> dict[str, dict[int, float]]:
    """The profiles in a file; none where it is missing or damaged, for they can be measured again."""
    if file is None or not file.is_file():
        return {}
    try:
        stored = json.loads(file.read_text(encoding="utf-8"))
        return {key: {int(rows): float(rate) for rows, rate in rates.items()} for key, rates in stored.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        logger.warning("profile_unreadable", exc_info=True)
        return {}


def _write(file: Path | None, profiles: Mapping[str, Rates]) -> None:
    if file is None:
        return
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        written = file.with_suffix(".tmp")
        written.write_text(json.dumps(profiles, indent=1), encoding="utf-8")
        written.replace(file)
    except OSError:
        logger.warning("profile_not_written", exc_info=True)
