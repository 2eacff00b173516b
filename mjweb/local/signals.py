"""Wait for signals the way one waits for anything else, and reap whatever ends below us.

Handlers do nothing; Python writes each signal's number into a pipe, and the supervisor reads it when it is
ready to. So nothing ever happens in the middle of something else.
"""

from __future__ import annotations

import ctypes
import os
import select
import signal
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress

_WATCHED = (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
STOPS = frozenset({signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
_PR_SET_CHILD_SUBREAPER = 36


class SignalQueue:
    """Signals that came and were not looked at yet."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def wait(self, timeout_s: float) -> frozenset[signal.Signals]:
        """The signals that came, at once if there are any, else after at most `timeout_s`."""
        select.select([self._descriptor], [], [], max(timeout_s, 0.0))
        with suppress(BlockingIOError):
            return frozenset(map(signal.Signals, os.read(self._descriptor, 4096)))
        return frozenset()


@contextmanager
def signals_queued() -> Iterator[SignalQueue]:
    """Queue the end of children and every request to stop; main thread only.

    Effects: replaces the handlers of those signals until the block ends.
    """
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    os.set_blocking(writing, False)
    handlers = {number: signal.signal(number, lambda *_: None) for number in _WATCHED}
    former = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    try:
        yield SignalQueue(reading)
    finally:
        signal.set_wakeup_fd(former)
        for number, handler in handlers.items():
            signal.signal(number, handler)
        os.close(reading)
        os.close(writing)


def become_subreaper() -> None:
    """Make orphaned grandchildren ours: an unreaped server looks alive to its own successor, which then refuses."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def reap_strangers(ours: Collection[int]) -> None:
    """Reap ended processes that were handed to us; our own children are left to their `Popen`."""
    if sys.platform != "linux":
        return
    for pid in _children() - set(ours):
        with suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)


def _children() -> set[int]:
    try:
        with open(f"/proc/self/task/{os.getpid()}/children") as file:  # noqa: PTH123 - read in one call, often
            return set(map(int, file.read().split()))
    except OSError:
        return set()
