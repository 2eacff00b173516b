"""`make bench` in its quick mode, so that it does not rot: what it measures is not judged here."""

from __future__ import annotations

import subprocess
import sys

import pytest

from mjweb.local.paths import REPOSITORY

pytestmark = pytest.mark.processes

MEASURED = {
    "whole app ÷ bare engine",
    "Enter → first step on the page",
    "Enter → first preview",
    "Enter → pictures",
    "snapshot at the last of 10 pages",
    "2 people's mixed jobs together",
    "Pillow's PNG ÷ ours",
}


def test_every_bench_prints_its_line():
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--quick"], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].split() == ["measured", "result", "goal", "spread"]
    assert {name for name in MEASURED if any(line.startswith(name) for line in lines)} == MEASURED
