"""Who runs next: pure Python, no tensor.

Entries of one bucket may share a forward pass. Every tick serves the entry that has waited longest, and
with it the longest-waiting entries of the same bucket that fit. An entry that is not served moves ahead of all
that are, so no entry waits for more ticks than there are others resident: no size, checkpoint or person starves.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

Bucket = TypeVar("Bucket", bound=Hashable)


@dataclass(slots=True)
class _Entry(Generic[Bucket]):
    """One trajectory as the scheduler sees it.

    rows: rows of the forward pass that its next step needs.
    turn: when it was last served or came; smaller has waited longer.
    """

    key: int
    bucket: Bucket
    rows: int
    turn: int


class Scheduler(Generic[Bucket]):
    """Resident entries and whose turn it is. Not thread-safe: the engine thread owns it."""

    def __init__(self) -> None:
        self._entries: dict[int, _Entry[Bucket]] = {}
        self._turn = 0

    def __len__(self) -> int:
        """How many entries wait for a step."""
        return len(self._entries)

    def add(self, key: int, bucket: Bucket, rows: int) -> None:
        """Let an entry take part from the next pick, behind all that wait already."""
        self._entries[key] = _Entry(key, bucket, rows, self._next_turn())

    def resize(self, key: int, rows: int) -> None:
        """Let an entry need another number of rows from the next pick; how long it has waited stays."""
        self._entries[key].rows = rows

    def remove(self, key: int) -> None:
        """Forget an entry; one that is not here is no error."""
        self._entries.pop(key, None)

    def next_bucket(self) -> Bucket | None:
        """The bucket of the entry that has waited longest; None when nobody waits."""
        if not self._entries:
            return None
        return min(self._entries.values(), key=lambda entry: entry.turn).bucket

    def pick(self, *, max_rows: int) -> tuple[int, ...]:
        """Choose the keys of the next forward pass and count them as served.

        The longest-waiting entry is always chosen, even when it alone has more than `max_rows` rows.
        """
        bucket = self.next_bucket()
        waiting = sorted((e for e in self._entries.values() if e.bucket == bucket), key=lambda entry: entry.turn)
        chosen: list[_Entry[Bucket]] = []
        rows = 0
        for entry in waiting:
            if not chosen or rows + entry.rows <= max_rows:
                chosen.append(entry)
                rows += entry.rows
        for entry in chosen:
            entry.turn = self._next_turn()
        return tuple(entry.key for entry in chosen)

    def _next_turn(self) -> int:
        self._turn += 1
        return self._turn
