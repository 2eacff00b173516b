"""How much the engine of a worker has to do, and who may still come in."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from generation.contracts import RenderPlan
from generation.engine.sampling.guidance import row_weights


class Room:
    """Rows of the jobs that the engine works on at present.

    Once they fill a forward pass, a further job of the same people would make nothing faster: it would only slow the
    others down and keep a thread from somebody who comes later. So then only people of whom nothing runs come in.
    """

    def __init__(self, max_rows: int) -> None:
        self._max_rows = max_rows
        self._rows = 0
        self._counting = threading.Lock()
        self._door = threading.Lock()

    @contextmanager
    def entrance(self) -> Iterator[bool]:
        """Lets one thread at a time look for a job: two would take the last place. Yields whether it is full."""
        with self._door:
            yield self._rows >= self._max_rows

    def enter(self, plan: RenderPlan) -> None:
        """A job begins."""
        with self._counting:
            self._rows += rows_of(plan)

    def leave(self, plan: RenderPlan) -> None:
        """The engine is done with a job."""
        with self._counting:
            self._rows -= rows_of(plan)


def rows_of(plan: RenderPlan) -> int:
    """Rows of a forward pass that all pictures of a plan need together."""
    return len(plan.seeds) * len(row_weights([part.weight for part in plan.parts], plan.guidance))
