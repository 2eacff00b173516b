"""Know where everything local lives: data, logs, sockets.

Sockets live outside the data directory, because the operating system limits a socket's path to 107
bytes and the data directory may be anywhere.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import stat
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from mjweb.local.errors import FolderUnusableError, telling_about

REPOSITORY = Path(__file__).resolve().parents[2]
SOCKET_PATH_BYTES = 107
_LONGEST_SOCKET = "/.s.PGSQL.5432.lock"
# A socket's path travels inside URLs that four libraries parse, each in its own way.
_PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]+")


@dataclass(frozen=True)
class DataDirectory:
    """One installation's folder, `var/` unless `MJWEB_DATA` says otherwise.

    Attributes:
        root: absolute, links resolved, so that two spellings of one folder share one lock.
    """

    root: Path

    @classmethod
    def at(cls, path: str | Path) -> DataDirectory:
        """The data directory at `path`, which need not exist yet."""
        return cls(Path(path).expanduser().resolve())

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> DataDirectory:
        """The data directory that `MJWEB_DATA` names, or the repository's `var/`."""
        return cls.at(environment.get("MJWEB_DATA") or REPOSITORY / "var")

    @property
    def postgres(self) -> Path:
        """PostgreSQL's own data directory."""
        return self.root / "postgres"

    @property
    def valkey(self) -> Path:
        """Where Valkey keeps its append-only file."""
        return self.root / "valkey"

    @property
    def logs(self) -> Path:
        """One log file per child process."""
        return self.root / "log"

    @property
    def run(self) -> Path:
        """The lock and the files by which children say that they are ready."""
        return self.root / "run"

    @property
    def secret_key(self) -> Path:
        """The file with this installation's secret key."""
        return self.root / "secret_key"

    @cached_property
    def sockets(self) -> Path:
        """A short folder of our own for the servers' sockets.

        Raises:
            FolderUnusableError: no temporary folder has a path that is short and plain enough.
        """
        name = f"mjweb-{os.getuid()}-{hashlib.sha256(bytes(self.root)).hexdigest()[:10]}"
        for parent in (os.environ.get("XDG_RUNTIME_DIR"), tempfile.gettempdir(), "/tmp"):  # noqa: S108 - checked when made
            if parent and _can_hold_sockets(Path(parent), name):
                return Path(parent) / name
        raise FolderUnusableError("There is no temporary folder with a short plain path for mjweb's sockets.")

    def make(self) -> None:
        """Make every folder.

        Raises:
            DiskFullError: there is no room.
            FolderUnusableError: a folder cannot be made or written.
        """
        with telling_about(self.root):
            for folder in (self.root, self.logs, self.run):
                folder.mkdir(parents=True, exist_ok=True)
            self.valkey.mkdir(mode=0o700, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.run) as probe:
                probe.write(b"\0" * 4096)
        with telling_about(self.sockets):
            self.sockets.mkdir(mode=0o700, exist_ok=True)
            if os.getuid() == 0:  # an earlier run may have given it to the user that PostgreSQL ran as
                os.chown(self.sockets, 0, 0, follow_symlinks=False)
        _check_private(self.sockets)

    def remove_sockets(self) -> None:
        """Remove the sockets' folder once its servers have ended; one still in use stays."""
        with suppress(OSError):
            self.sockets.rmdir()

    def make_secret_key(self) -> None:
        """Write this installation's secret key, once, readable by its owner alone.

        Raises:
            DiskFullError: there is no room.
            FolderUnusableError: the file cannot be written.
        """
        if self.secret_key.exists() and self.secret_key.stat().st_size:
            return
        with telling_about(self.root):
            new = self.secret_key.with_suffix(".new")
            new.unlink(missing_ok=True)
            descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_urlsafe(64) + "\n")
                file.flush()
                os.fsync(file.fileno())
            new.replace(self.secret_key)


def _can_hold_sockets(parent: Path, name: str) -> bool:
    path = f"{parent}/{name}{_LONGEST_SOCKET}"
    fits = len(os.fsencode(path)) <= SOCKET_PATH_BYTES and _PLAIN_PATH.fullmatch(path) is not None
    return fits and parent.is_dir() and os.access(parent, os.W_OK | os.X_OK)


def _check_private(folder: Path) -> None:
    """Refuse a socket folder that somebody else made or may enter: whoever connects is trusted."""
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or stat.S_IMODE(found.st_mode) & 0o077:
        raise FolderUnusableError(f"{folder} must be a folder of yours that nobody else may enter: remove it.")
