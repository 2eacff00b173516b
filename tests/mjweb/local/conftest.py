"""Local servers started as a person starts them: in a process of their own, with nothing inherited."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from mjweb.local.paths import REPOSITORY, DataDirectory
from mjweb.local.processes import orphans_of, stop_orphans, wait_until

INHERITED = ("DATABASE_URL", "REDIS_URL", "MJWEB_DATA", "MJWEB_HOST", "MJWEB_PORT")


class Run:
    """A supervisor with stand-in children, and what it printed."""

    def __init__(self, data_dir: Path, argv: list[str], **variables: str) -> None:
        self.data = DataDirectory.at(data_dir)
        kept = {name: value for name, value in os.environ.items() if name not in INHERITED}
        self.process = subprocess.Popen(
            argv,
            cwd=REPOSITORY,
            env={**kept, "MJWEB_DATA": str(data_dir), "MJWEB_PORT": "0", **variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def ready_line(self) -> str:
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert line, self.process.communicate(timeout=10)[1]
        return line.strip()

    def end(self, number: signal.Signals | None = None) -> tuple[int, str]:
        """Exit status and what went to stderr."""
        if number is not None:
            self.process.send_signal(number)
        _, errors = self.process.communicate(timeout=30)
        return self.process.returncode, errors.strip()

    def children_end(self) -> bool:
        return wait_until(lambda: not orphans_of(self.data), 15, every_s=0.05)


@pytest.fixture
def start_up() -> Iterator[Callable[..., Run]]:
    """Starts supervisors of stand-in products; whatever is left of them is stopped after the test."""
    runs: list[Run] = []

    def start(data_dir: Path, *, wrapper: tuple[str, ...] = (), **variables: str) -> Run:
        argv = [*wrapper, sys.executable, "-m", "tests.mjweb.local.stand_in"]
        runs.append(Run(data_dir, argv, **variables))
        return runs[-1]

    yield start
    for run in runs:
        with suppress(ProcessLookupError):
            run.process.kill()
        run.process.communicate(timeout=10)
        stop_orphans(run.data)
        run.data.remove_sockets()
