"""How often the jobs of a worker show how far they are: alone as often as an eye follows, in company by turns."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

SHOW_EVERY_S: Final = 0.25
AT_LEAST_EVERY_S: Final = 1.0
"""Showing is also how a job hears that it was canceled."""
SHARE: Final = 0.05
"""Of one processor, for all jobs together: what is painted waits for the same interpreter, layer by layer."""
MEMORY: Final = 0.8
"""How much of the mean the past is."""


class Pace:
    """One for all jobs of a process; knows how many there are and what showing one of them costs."""

    def __init__(self) -> None:
        """Nobody is there, and showing costs nothing as far as is known."""
        self._lock = threading.Lock()
        self._jobs = 0
        self._cost_s = 0.0

    @contextmanager
    def company(self) -> Iterator[None]:
        """Counts a job as long as it is followed."""
        self._count(1)
        try:
            yield
        finally:
            self._count(-1)

    @contextmanager
    def showing(self) -> Iterator[None]:
        """Measures what one showing takes of this thread's processor time."""
        begun = time.thread_time()
        yield
        cost_s = time.thread_time() - begun
        with self._lock:
            self._cost_s = MEMORY * self._cost_s + (1 - MEMORY) * cost_s

    @property
    def every_s(self) -> float:
        """Seconds between two showings of one job, 0.25 to 1."""
        return min(AT_LEAST_EVERY_S, max(SHOW_EVERY_S, self._jobs * self._cost_s / SHARE))

    def _count(self, change: int) -> None:
        with self._lock:
            self._jobs += change
