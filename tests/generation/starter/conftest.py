"""One thread for these tests' networks, and torch as it was for everyone else's.

The scenes are drawn with skia, which needs the system's libGL and libEGL: a headless machine may lack them.
"""

from __future__ import annotations

import os

import pytest

from generation.engine.threads import keep_threads_from_spinning

keep_threads_from_spinning()  # nothing above loads torch

WITHOUT = ""
try:
    import skia  # noqa: F401
except ImportError as missing:
    if os.environ.get("CI"):
        raise
    collect_ignore_glob = ["test_*.py", "*/test_*.py"]
    WITHOUT = f"THE STARTER'S TRAINING WAS NOT TESTED: {missing}. On Debian and Ubuntu, install libgl1 and libegl1."


def pytest_report_header() -> str:
    """Says loudly what is left out."""
    return WITHOUT


@pytest.fixture(scope="module", autouse=True)
def _environment():
    """The command sets defaults for its own process, which is not this one's."""
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(autouse=True)
def _one_thread():
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)
