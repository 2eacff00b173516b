"""One tick's forward pass: whose turn it is, how many rows at once, and what happens when they do not fit."""

from __future__ import annotations

import functools
import traceback
from collections.abc import Callable, Mapping, Sequence

import torch

from generation.engine.batching import step_together
from generation.engine.failures import is_out_of_memory
from generation.engine.families.base import Family
from generation.engine.flops import StepCosts
from generation.engine.pacing import Pace
from generation.engine.padding import padded, rows_to_run
from generation.engine.profiling import RowProfiles
from generation.engine.scheduler import Scheduler
from generation.engine.state import Bucket, Trajectory
from generation.engine.tiles import windows
from generation.engine.whole import advance

Fail = Callable[[Trajectory, Exception], None]
"""Ends the request of a picture that cannot be painted: afterwards none of its pictures is resident."""


class Stepper:
    """Advances resident pictures, a batch at a time.

    scheduler: who waits for a step.
    """

    def __init__(
        self,
        residents: Mapping[int, Trajectory],
        profiles: RowProfiles,
        *,
        max_rows: int,
        is_exact: bool,
        fail: Fail,
        make_room: Callable[[], bool],
    ) -> None:
        """Make a stepper.

        Args:
            residents: All pictures in the engine by key; the engine changes it.
            profiles: How many rows of a bucket are worth it.
            max_rows: The most rows of one forward pass.
            is_exact: Whether a bucket always runs one number of rows, see `padding`.
            fail: Told of each picture that cannot be painted.
            make_room: Frees memory of checkpoints that nobody is painted with; whether there was any.
        """
        self.scheduler: Scheduler[Bucket] = Scheduler()
        self._residents = residents
        self._profiles = profiles
        self._max_rows = max_rows
        self._is_exact = is_exact
        self._fail = fail
        self._make_room = make_room
        self._costs = StepCosts()
        self._pace = Pace()
        self._fitting_rows: dict[Bucket, int] = {}

    def add(self, trajectory: Trajectory, owner: str) -> None:
        """Let a picture take part from the next step; owner: whose it is, or its request."""
        self.scheduler.add(trajectory.key, trajectory.bucket, trajectory.rows, owner)

    def step(self, family_of: Callable[[str], Family]) -> list[Trajectory]:
        """Advance the batch whose turn it is; gives those that moved. Nobody waits any more for those that are done."""
        bucket = self.scheduler.next_bucket()
        if bucket is None:
            return []
        family = family_of(bucket.checkpoint)
        keys = self.scheduler.pick(max_rows=self.rows_at_once(bucket, family))
        moved = self._run([self._residents[key] for key in keys], bucket, family)
        for trajectory in moved:
            if trajectory.stage_is_done:
                self.scheduler.remove(trajectory.key)
            else:
                self.scheduler.resize(trajectory.key, trajectory.rows)  # its next step may be guided or not
        return moved

    def rows_at_once(self, bucket: Bucket, family: Family) -> int:
        """The most rows of a bucket in one forward pass: what fits, and what is worth it.

        A stopwatch has no say in exact mode, where the number decides about bits.
        """
        limits = [self._max_rows, family.row_limit(bucket.latent_shape), self._fitting_rows.get(bucket, self._max_rows)]
        worth = None if self._is_exact else self._profiles.rows_worth_it(bucket, family)
        return min(limits if worth is None else [*limits, worth])

    def _run(self, members: Sequence[Trajectory], bucket: Bucket, family: Family) -> list[Trajectory]:
        rows = sum(member.rows for member in members)
        with self._costs.counted(bucket, family, passes=_passes(bucket)):
            moved = [member for member in self._advance(members, family) if self._is_resident(member)]
        self._pace.after_step(family.device)
        self.scheduler.charge(bucket, self._costs.of(bucket, rows))
        return moved

    def _is_resident(self, trajectory: Trajectory) -> bool:
        """Whether its request has not failed since the batch was chosen, by another of its pictures."""
        return trajectory.key in self._residents

    def _advance(self, members: Sequence[Trajectory], family: Family) -> list[Trajectory]:
        """Step members together; when that raises, in smaller parts, until only what cannot run has failed."""
        members = [member for member in members if self._is_resident(member)]
        if not members:
            return []
        try:
            if members[0].run is not None:
                advance(members[0])  # alone: its family takes one row at a time
            else:
                step_together(members, self._as_the_device_likes(family, members))
        except Exception as error:  # noqa: BLE001 -- whatever it is, it ends one request and no other
            parts = self._parts_to_try(members, family, error)
            if parts is None:
                self._fail(members[0], error)
                return []
            return [moved for part in parts for moved in self._advance(part, family)]
        return list(members)

    def _as_the_device_likes(self, family: Family, members: Sequence[Trajectory]) -> Family:
        """The family, filling its batches up where the number of rows matters."""
        return family if family.device.type == "cpu" else padded(family, self._rows_seen(family, members))

    def _rows_seen(self, family: Family, members: Sequence[Trajectory]) -> int:
        """The rows that the network sees of these members."""
        rows = sum(member.rows for member in members)
        if family.device.type == "cpu":
            return rows
        return rows_to_run(rows, self.rows_at_once(members[0].bucket, family), is_exact=self._is_exact)

    def _parts_to_try(
        self, members: Sequence[Trajectory], family: Family, error: Exception
    ) -> list[Sequence[Trajectory]] | None:
        """What to try after a failure: the same once more where that freed memory, or halves, or each alone.

        None when there is nothing left to try for the only member.
        """
        if not is_out_of_memory(error):
            return [[member] for member in members] if len(members) > 1 else None
        traceback.clear_frames(error.__traceback__)  # they still hold the tensors that did not fit
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        if self._make_room():
            return [members]
        seen = self._rows_seen(family, members)
        if len(members) == 1 and seen <= members[0].rows:
            return None
        self._fitting_rows[members[0].bucket] = max(1, seen // 2)
        if len(members) == 1:
            return [members]  # it was filled up with more rows than fit
        middle = len(members) // 2
        return [members[:middle], members[middle:]]


@functools.lru_cache
def _passes(bucket: Bucket) -> int:
    """How many tiles a step shows the network."""
    _, height, width = bucket.latent_shape
    return 1 if bucket.tiling is None else sum(1 for _ in windows(height, width, bucket.tiling))
