"""The scenes are drawn with skia, which needs the system's libGL and libEGL: a headless machine may lack them."""

from __future__ import annotations

import os

try:
    import skia  # noqa: F401
except ImportError as missing:
    if os.environ.get("CI"):
        raise
    collect_ignore_glob = ["test_*.py"]
    WITHOUT = f"THE SCENES WERE NOT TESTED: {missing}. On Debian and Ubuntu, install libgl1 and libegl1."
else:
    WITHOUT = ""


def pytest_report_header() -> str:
    """Says loudly what is left out."""
    return WITHOUT
