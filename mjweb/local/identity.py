"""Let PostgreSQL, which refuses to serve root, run when root calls `make run`.

A user namespace in which we are somebody else changes no file's owner and makes no user. Where the
kernel forbids those, the server runs as `nobody`, on a copy of its programs if need be.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from mjweb.local.errors import FolderUnusableError, telling_about
from mjweb.local.paths import DataDirectory

_UNSHARE = ("unshare", "--user", "--map-user=1", "--map-group=1", "--")


@dataclass(frozen=True)
class Identity:
    """Who runs PostgreSQL.

    Attributes:
        wrapper: argv before the program's own.
        user: the numeric user to become, or None to stay who we are.
    """

    wrapper: tuple[str, ...] = ()
    user: int | None = None


def postgres_identity() -> Identity:
    """Somebody PostgreSQL agrees to serve."""
    if os.getuid() != 0:
        return Identity()
    if can_unshare():
        return Identity(wrapper=_UNSHARE)
    return Identity(user=pwd.getpwnam("nobody").pw_uid)


@cache
def can_unshare() -> bool:
    """Whether the kernel lets us enter a user namespace."""
    try:
        return subprocess.run([*_UNSHARE, "true"], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


def executable_for(identity: Identity, program: Path, data: DataDirectory) -> Path:
    """The program, or a copy of its wheel that the identity may execute.

    Raises:
        DiskFullError: there is no room for the copy.
        FolderUnusableError: the identity cannot enter the data directory.
    """
    if identity.user is None or _may_execute(identity.user, program):
        return program
    wheel = program.parents[2]
    copy = data.root / "postgres-program" / wheel.name
    if not copy.exists():
        with telling_about(data.root):
            _copy_wheel(wheel, copy)
    copied = copy / program.relative_to(wheel)
    if not _may_execute(identity.user, copied):
        raise FolderUnusableError(
            f"PostgreSQL does not run as root, and {data.root} is closed to others: "
            "start mjweb as an ordinary user, or set MJWEB_DATA to a folder that others may enter."
        )
    return copied


def _copy_wheel(wheel: Path, copy: Path) -> None:
    """Copy the package and the shared libraries that its wheel keeps beside it."""
    for source in (wheel.with_name(f"{wheel.name}.libs"), wheel):
        if source.exists():
            shutil.copytree(source, copy.with_name(source.name), symlinks=True, dirs_exist_ok=True)


def _may_execute(user: int, program: Path) -> bool:
    try:
        answer = subprocess.run(
            [program, "--version"], user=user, group=user, extra_groups=[], cwd="/", capture_output=True, check=False
        )
    except PermissionError:
        return False
    return answer.returncode == 0
