"""Threads beside the engine's give way, and no others."""

from __future__ import annotations

import os
import sys
import threading

import pytest

from generation.workers.courtesy import NICENESS, give_way

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux knows priorities of threads")


def niceness() -> int:
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


def test_a_thread_and_those_it_starts_give_way_and_others_do_not():
    seen = {}

    def child() -> None:
        seen["child"] = niceness()

    def polite() -> None:
        give_way()
        seen["polite"] = niceness()
        started = threading.Thread(target=child)
        started.start()
        started.join()

    before = niceness()
    thread = threading.Thread(target=polite)
    thread.start()
    thread.join()
    assert seen == {"polite": max(NICENESS, before), "child": max(NICENESS, before)}
    assert niceness() == before
