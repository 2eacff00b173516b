"""Supervisors of stand-in products."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.runs import Run


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
        run.clear()
