"""Starts this test run's own PostgreSQL and Valkey before Django reads its settings (`-p tests.stage`).

With `-n` (pytest-xdist) every worker process is a run of its own, with servers of its own.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from mjweb.local.servers import LocalServers

SERVERS = ("DATABASE_URL", "REDIS_URL")


class Stage:
    """The servers and the data folder of one test run."""

    def __init__(self) -> None:
        self.data = Path(tempfile.mkdtemp(prefix="mjweb-test-"))
        self.servers: LocalServers | None = None

    def set_up(self) -> None:
        """Names the data folder, and the servers unless the environment names some already."""
        os.environ["MJWEB_DATA"] = str(self.data)
        if os.environ.get("DATABASE_URL"):
            return
        self.servers = LocalServers(self.data / "servers", fsync=False).__enter__()
        os.environ["DATABASE_URL"] = self.servers.database_url
        os.environ["REDIS_URL"] = self.servers.redis_url

    def set_up_for_others(self) -> None:
        """For a process that only hands out tests: its workers start servers of their own, and share none."""
        os.environ["MJWEB_DATA"] = str(self.data)
        for name in SERVERS:
            os.environ.pop(name, None)

    def clear(self) -> None:
        """Stops what was started and removes every file of the run."""
        if self.servers is not None:
            self.servers.__exit__(None, None, None)
        shutil.rmtree(self.data, ignore_errors=True)


stage = Stage()


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Runs before pytest-django's hook of the same name, which reads the settings."""
    is_worker = "PYTEST_XDIST_WORKER" in os.environ
    if getattr(early_config.known_args_namespace, "numprocesses", None) and not is_worker:
        stage.set_up_for_others()
    else:
        stage.set_up()


def pytest_unconfigure() -> None:
    stage.clear()
