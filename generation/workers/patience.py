"""Database writes that outlast a database that is away: a finished picture must not be lost to a restart."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Final, TypeVar

from django.db import InterfaceError, OperationalError, close_old_connections

log = logging.getLogger(__name__)
Result = TypeVar("Result")
DATABASE_AWAY: Final = (OperationalError, InterfaceError)
PATIENCE_S = 90.0
STOPPING_PATIENCE_S = 3.0
FIRST_WAIT_S = 0.1
LONGEST_WAIT_S = 1.0


def outlasting(write: Callable[[], Result], *, is_stopping: Callable[[], bool]) -> Result:
    """What `write` returns, tried again with growing pauses while the database is away.

    Trying again is harmless, although the database may have done what it could not confirm any more: every write of a
    worker is fenced by its attempt, and the second time finds the job no longer running.

    is_stopping: whether this worker shall end. It then waits 3 s instead of 90: the database may have been stopped with
        it, and whoever stops them both would wait for nothing.

    Raises:
        OperationalError, InterfaceError: the database was away for longer than that.
    """
    began_at = time.monotonic()
    wait_s = FIRST_WAIT_S
    while True:
        try:
            return write()
        except DATABASE_AWAY as error:
            drop_broken_connection()
            patience_s = STOPPING_PATIENCE_S if is_stopping() else PATIENCE_S
            if time.monotonic() - began_at + wait_s > patience_s:
                raise
            log.warning("The database does not answer; trying again in %.1f s. %s", wait_s, _first_line(error))
        time.sleep(wait_s)
        wait_s = min(wait_s * 2, LONGEST_WAIT_S)


def drop_broken_connection() -> None:
    """Gives this thread's connection up when it is broken, so that the next query opens another."""
    close_old_connections()


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), "")
