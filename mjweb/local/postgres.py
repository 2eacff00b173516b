"""Run PostgreSQL from a wheel: make its data once, clear what a crash left, start it, know when it serves.

It listens on a Unix socket in a folder only we may enter, and on no network, so trust suffices.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from mjweb.local.binaries import postgres_major, postgres_program
from mjweb.local.errors import (
    PostgresMajorError,
    StartFailedError,
    disk_full,
    telling_about,
    tells_of_full_disk,
)
from mjweb.local.identity import Identity, executable_for, postgres_identity
from mjweb.local.paths import DataDirectory
from mjweb.local.processes import Command, orphans_of

DATABASE = "mjweb"
_SOCKET = ".s.PGSQL.5432"
_NO_FSYNC = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
# A crash start would otherwise sync every file by itself, seconds on a busy disk.
_LINUX = ("recovery_init_sync_method=syncfs",) if sys.platform == "linux" else ()


@dataclass(frozen=True)
class Postgres:
    """One PostgreSQL on one data directory; whoever uses it holds the directory's lock.

    Attributes:
        fsync: False trades safety against power loss for speed: tests only.
    """

    data: DataDirectory
    fsync: bool = True

    @cached_property
    def identity(self) -> Identity:
        """Who runs the server."""
        return postgres_identity()

    @cached_property
    def program(self) -> Path:
        """The `postgres` program that the identity may execute."""
        return executable_for(self.identity, postgres_program(), self.data)

    @property
    def url(self) -> str:
        """What `DATABASE_URL` shall say."""
        return f"postgresql:///{DATABASE}?host={self.data.sockets}&user={DATABASE}"

    def prepare(self) -> None:
        """Make a cluster with our database if there is none; clear what a crash left.

        Raises:
            PostgresMajorError: the data are of another major version.
            DiskFullError: there is no room.
            FolderUnusableError: a folder refuses.
            StartFailedError: `initdb` failed.
        """
        if (self.data.postgres / "PG_VERSION").exists():
            self._check_major()
            self._clear_stale_files()
        else:
            self._make_cluster()
        if self.identity.user is not None:
            os.chown(self.data.sockets, self.identity.user, self.identity.user)

    def command(self, environment: Mapping[str, str]) -> Command:
        """The server as a child process; call `prepare` first."""
        settings = (
            "listen_addresses=",
            f"unix_socket_directories={self.data.sockets}",
            "unix_socket_permissions=0700",
            "port=5432",
            "timezone=UTC",
            *_LINUX,
            *(() if self.fsync else _NO_FSYNC),
        )
        options = [part for setting in settings for part in ("-c", setting)]
        return Command(
            name="postgres",
            argv=(str(self.program), "-D", str(self.data.postgres), *options),
            environment=environment,
            wrapper=self.identity.wrapper,
            user=self.identity.user,
            folder=self.data.root,
            stop_signal=signal.SIGINT,
            stop_timeout_s=20.0,
            hurry_signal=signal.SIGQUIT,
            is_ready=self.is_ready,
            ready_timeout_s=120.0,
        )

    def is_ready(self, pid: int) -> bool:
        """Whether the server with that process id accepts connections."""
        try:
            lines = (self.data.postgres / "postmaster.pid").read_text().splitlines()
            if len(lines) < 8 or int(lines[0]) != pid or lines[7].strip() != "ready":  # noqa: PLR2004 - the file's format
                return False
            with socket.socket(socket.AF_UNIX) as connection:
                connection.connect(str(self.data.sockets / _SOCKET))
        except (OSError, ValueError):
            return False
        return True

    def _check_major(self) -> None:
        found = (self.data.postgres / "PG_VERSION").read_text().strip()
        ours = str(postgres_major(self.program))
        if found != ours:
            raise PostgresMajorError(
                f"The data in {self.data.postgres} were written by PostgreSQL {found}, and this is PostgreSQL {ours}: "
                f"dump them with version {found}, move the folder away, start again and restore the dump."
            )

    def _clear_stale_files(self) -> None:
        """Remove lock files that name a process that is gone, or that is somebody else by now."""
        if sys.platform != "linux" or orphans_of(self.data):
            return  # the server itself decides, more carefully than we could
        lock_files = (self.data.postgres / "postmaster.pid", self.data.sockets / f"{_SOCKET}.lock")
        with telling_about(self.data.postgres):
            for file in (*lock_files, self.data.sockets / _SOCKET):
                file.unlink(missing_ok=True)

    def _make_cluster(self) -> None:
        """Make the cluster beside its place and move it there whole, so that a crash leaves no half of one."""
        new = self.data.postgres.with_suffix(".new")
        with telling_about(self.data.root):
            shutil.rmtree(new, ignore_errors=True)
            new.mkdir(mode=0o700)
            if self.identity.user is not None:
                os.chown(new, self.identity.user, self.identity.user)
        initdb = (
            f"-U {DATABASE} --auth=trust --encoding=UTF8 --locale-provider=builtin --locale=C.UTF-8 --no-instructions"
        )
        self._run(
            [self.program.with_name("initdb"), "-D", new, *initdb.split(), *(() if self.fsync else ("--no-sync",))]
        )
        # Single-user mode needs no client and no second start.
        self._run([self.program, "--single", "-D", new, "postgres"], f"CREATE DATABASE {DATABASE};\n")
        with telling_about(self.data.root):
            new.rename(self.data.postgres)

    def _run(self, argv: list[str | Path], text: str = "") -> None:
        environment = {**os.environ, "LC_ALL": "C"}
        user = self.identity.user
        done = subprocess.run(
            [*self.identity.wrapper, *argv],
            input=text,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environment,
            cwd=self.data.root,
            check=False,
            user=user,
            group=user,
            extra_groups=None if user is None else [],
        )
        if done.returncode == 0 and "FATAL" not in done.stdout:
            return
        if tells_of_full_disk(done.stdout):
            raise disk_full(self.data.root)
        last_words = (done.stdout.strip() or "nothing").splitlines()[-1]
        raise StartFailedError(f"PostgreSQL's data could not be made in {self.data.postgres}: {last_words}")
