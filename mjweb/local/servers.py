"""Give tests a real PostgreSQL and a real Valkey for as long as a `with` block lasts."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from mjweb.local.lock import sole_owner
from mjweb.local.paths import DataDirectory
from mjweb.local.postgres import Postgres
from mjweb.local.processes import Command, start, start_failure, stop, stop_orphans, wait_until
from mjweb.local.valkey import Valkey


class LocalServers:
    """PostgreSQL and Valkey, without supervisor, web or workers.

    Enter it from the main thread: the servers end with the thread that started them.
    """

    def __init__(self, data_dir: Path, *, fsync: bool = True) -> None:
        self.data = DataDirectory.at(data_dir)
        self._postgres = Postgres(self.data, fsync=fsync)
        self._valkey = Valkey(self.data, fsync=fsync)
        self._cleanup = ExitStack()

    @property
    def database_url(self) -> str:
        """What `DATABASE_URL` shall say; the database `mjweb` exists and is empty at first."""
        return self._postgres.url

    @property
    def redis_url(self) -> str:
        """What `REDIS_URL` shall say."""
        return self._valkey.url

    def __enter__(self) -> Self:
        """Start both and wait until they serve.

        Raises:
            LocalError: in one sentence, why they do not.
        """
        self.data.make()
        with ExitStack() as cleanup:
            cleanup.enter_context(sole_owner(self.data, self.database_url))
            cleanup.callback(self.data.remove_sockets)
            stop_orphans(self.data)
            for server in (self._postgres, self._valkey):
                server.prepare()
                self._start(server.command(os.environ), cleanup)
            self._cleanup = cleanup.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop both in reverse order."""
        self._cleanup.close()

    def _start(self, command: Command, cleanup: ExitStack) -> None:
        child = start(command, self.data)
        cleanup.callback(stop, child, command)
        wait_until(lambda: child.poll() is not None or command.is_ready(child.pid), command.ready_timeout_s)
        if child.poll() is not None or not command.is_ready(child.pid):
            raise start_failure(command.name, "did not start", self.data)
