"""Which tests share a process when there are several (`-n 2`), and which begin first (`-p tests.lanes`).

The tests of a file stay together, for they share what is expensive. So do all that need a whole product: one is started
for all of them, and their bounds in seconds count on a machine without a second one.
"""

from __future__ import annotations

from typing import Any

import pytest
from xdist.scheduler.loadscope import LoadScopeScheduling

PRODUCTS = (
    "tests/journeys/",
    "tests/generation/workers/test_registry.py",
    "tests/generation/workers/test_replaying.py",
    "tests/generation/workers/test_worker.py",
    "tests/mjweb/local/test_second_terminal.py",
)
NETWORKS = ("tests/generation/starter/", "tests/generation/engine/")


class Lanes(LoadScopeScheduling):
    """Hands out file after file, in the order of the collection, and the products as one."""

    def _split_scope(self, nodeid: str) -> str:
        return "products" if nodeid.startswith(PRODUCTS) else nodeid.partition("::")[0]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Lanes:
    """Only asked for with `-n`, and whatever `--dist` says."""
    config.option.loadscopereorder = False  # by their number of tests the longest would begin last
    return Lanes(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first, so that nobody waits for one that began last.

    Raises:
        UsageError: a test needs a product and its file is not among `PRODUCTS`.
    """
    for item in items:
        if {"product", "shop"} & set(getattr(item, "fixturenames", ())) and _place(item):
            raise pytest.UsageError(f"{item.nodeid} needs a product: name its file in tests/lanes.py.")
    items.sort(key=_place)


def _place(item: pytest.Item) -> int:
    """Whole products, other processes, networks, the rest; within these the order stays what it was."""
    if item.nodeid.startswith(PRODUCTS):
        return 0
    if item.get_closest_marker("processes"):
        return 1
    return 2 if item.nodeid.startswith(NETWORKS) else 3
