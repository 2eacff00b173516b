"""Who runs next: pure Python, no tensor.

Entries of one bucket may share a forward pass, and a tick serves one bucket. Buckets share the work by deficit
round-robin: each round gives every bucket the same number of FLOPs for each of its people, a bucket runs when it owes
nothing, and then owes what it used. Rounds in which all of them owe something are counted and not waited for. So a
person whose picture is costly moves slower, by its cost, and nobody else does; a bucket that comes owes nothing, and
runs before any other has run twice.

Within a bucket, those who have waited longest run, as many as fit. A bucket that was passed over for `PATIENCE` ticks,
for its step costs so much more than the others', is owed nothing by anybody and runs all the same. So with B buckets an
entry among n of its own waits for less than n * (PATIENCE + B) ticks.

Source: Shreedhar and Varghese 1995 (deficit round-robin). The cost is charged after the step and not before, as in
surplus round-robin (Adiseshu, Parulkar and Varghese 1996): a shape's cost is not known before it has run.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

Bucket = TypeVar("Bucket", bound=Hashable)

PATIENCE: Final = 32
"""Ticks for which a bucket is passed over at most, others that wait as long aside. Buckets whose steps cost up to this
many times another's, divided by the number of buckets, get their even share; costlier ones get more."""


@dataclass(slots=True)
class _Entry(Generic[Bucket]):
    """One trajectory as the scheduler sees it.

    rows: rows of the forward pass that its next step needs.
    owner: the request that it belongs to.
    turn: when it was last served or came; smaller has waited longer.
    """

    key: int
    bucket: Bucket
    rows: int
    owner: Hashable
    turn: int


@dataclass(slots=True)
class _Queue(Generic[Bucket]):
    """The waiting entries of a bucket. An empty one is remembered while it owes something.

    debt: FLOPs that it used beyond its share.
    passed_over_since: the tick in which it last ran, or began to wait.
    """

    passed_over_since: int
    entries: dict[int, _Entry[Bucket]] = field(default_factory=dict)
    debt: float = 0.0

    @property
    def people(self) -> int:
        """How many requests wait here, at least 1."""
        return max(1, len({entry.owner for entry in self.entries.values()}))

    @property
    def rounds_away(self) -> float:
        """After how much credit per person it owes nothing."""
        return self.debt / self.people


class Scheduler(Generic[Bucket]):
    """Resident entries and whose turn it is. Not thread-safe: the engine thread owns it."""

    def __init__(self) -> None:
        self._entries: dict[int, _Entry[Bucket]] = {}
        self._queues: dict[Bucket, _Queue[Bucket]] = {}
        self._turn = 0
        self._tick = 0

    def __len__(self) -> int:
        """How many entries wait for a step."""
        return len(self._entries)

    def add(self, key: int, bucket: Bucket, rows: int, owner: Hashable = None) -> None:
        """Let an entry take part from the next pick, behind all of its bucket that wait already.

        owner: whose it is; entries of one owner count as one person. None is a person of its own.
        """
        self._entries[key] = _Entry(key, bucket, rows, key if owner is None else owner, self._next_turn())
        queue = self._queues.setdefault(bucket, _Queue(self._tick))
        if not queue.entries:
            queue.passed_over_since = self._tick
        queue.entries[key] = self._entries[key]

    def resize(self, key: int, rows: int) -> None:
        """Let an entry need another number of rows from the next pick; how long it has waited stays."""
        self._entries[key].rows = rows

    def remove(self, key: int) -> None:
        """Forget an entry; one that is not here is no error."""
        entry = self._entries.pop(key, None)
        if entry is not None:
            del self._queues[entry.bucket].entries[key]
            self._forget_the_settled()

    def next_bucket(self) -> Bucket | None:
        """The bucket that runs next; None when nobody waits."""
        waiting = [bucket for bucket, queue in self._queues.items() if queue.entries]
        if not waiting:
            return None
        longest = min(waiting, key=lambda bucket: self._queues[bucket].passed_over_since)
        if self._is_out_of_patience(longest):
            return longest
        return min(waiting, key=self._precedence)

    def pick(self, *, max_rows: int) -> tuple[int, ...]:
        """Choose the keys of the next forward pass and count them as served.

        The entry of its bucket that has waited longest is always chosen, even when it alone has more than `max_rows`.
        """
        bucket = self.next_bucket()
        self._tick += 1
        if bucket is None:
            return ()
        queue = self._queues[bucket]
        if not self._is_out_of_patience(bucket):
            self._credit(queue.rounds_away)
        queue.passed_over_since = self._tick
        chosen = _fitting(sorted(queue.entries.values(), key=lambda entry: entry.turn), max_rows)
        for entry in chosen:
            entry.turn = self._next_turn()
        return tuple(entry.key for entry in chosen)

    def charge(self, bucket: Bucket, flops: float) -> None:
        """Put what a forward pass took on the bucket's account; any unit, the same for all buckets."""
        self._queues.setdefault(bucket, _Queue(self._tick)).debt += flops
        self._forget_the_settled()

    def _precedence(self, bucket: Bucket) -> tuple[float, int]:
        """Smaller runs earlier: who owes least, then who was served longest ago."""
        queue = self._queues[bucket]
        return queue.rounds_away, queue.passed_over_since

    def _is_out_of_patience(self, bucket: Bucket) -> bool:
        return self._tick - self._queues[bucket].passed_over_since >= PATIENCE

    def _credit(self, rounds: float) -> None:
        """Give every bucket so much per person; what it does not owe lapses."""
        if rounds > 0:
            for queue in self._queues.values():
                queue.debt = max(0.0, queue.debt - rounds * queue.people)
            self._forget_the_settled()

    def _forget_the_settled(self) -> None:
        """Keep the accounts of those who left while they owe something, or they would come back to run for nothing."""
        for bucket in [b for b, queue in self._queues.items() if not queue.entries and queue.debt <= 0]:
            del self._queues[bucket]
        if not self._entries:
            self._queues.clear()  # nobody is here to be owed anything

    def _next_turn(self) -> int:
        self._turn += 1
        return self._turn


def _fitting(waiting: list[_Entry[Bucket]], max_rows: int) -> list[_Entry[Bucket]]:
    """The first, and as many of those behind as fit beside it."""
    chosen: list[_Entry[Bucket]] = []
    rows = 0
    for entry in waiting:
        if not chosen or rows + entry.rows <= max_rows:
            chosen.append(entry)
            rows += entry.rows
    return chosen
