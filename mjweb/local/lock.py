"""Let one supervisor own a data directory.

The kernel drops the lock when its holder ends, however it ends, so there is no stale lock.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from mjweb.local.errors import AlreadyRunningError, telling_about
from mjweb.local.paths import DataDirectory


@contextmanager
def sole_owner(data: DataDirectory, note: str) -> Iterator[Callable[[str], None]]:
    """Hold the lock on a made data directory.

    Args:
        data: the directory.
        note: where the holder can be reached; a second one tells it.

    Yields:
        A function that replaces the note.

    Raises:
        AlreadyRunningError: somebody else holds it.
        DiskFullError: there is no room.
        FolderUnusableError: the lock file cannot be written.
    """
    path = data.run / "lock"
    with telling_about(path):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        _lock(descriptor, data)

        def announce(text: str) -> None:
            with telling_about(path):
                os.ftruncate(descriptor, 0)
                os.pwrite(descriptor, text.encode(), 0)

        announce(note)
        yield announce
    finally:
        os.close(descriptor)


def _lock(descriptor: int, data: DataDirectory) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        note = os.pread(descriptor, 1000, 0).decode(errors="replace")
        raise AlreadyRunningError(f"mjweb already runs on the data in {data.root}: {note}") from error
