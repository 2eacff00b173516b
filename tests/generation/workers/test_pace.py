"""How often jobs are shown: the time is made by the processor, not by waiting."""

import time
from contextlib import ExitStack

import pytest

from generation.workers.pace import AT_LEAST_EVERY_S, SHOW_EVERY_S, Pace


def work(seconds: float) -> None:
    until = time.thread_time() + seconds
    while time.thread_time() < until:
        pass


def shown(pace: Pace, *, cost_s: float, times: int = 12) -> None:
    for _ in range(times):
        with pace.showing():
            work(cost_s)


def test_one_that_is_alone_is_shown_four_times_a_second():
    pace = Pace()
    with pace.company():
        shown(pace, cost_s=0.004)
        assert pace.every_s == SHOW_EVERY_S


def test_many_take_turns_and_are_shown_sooner_when_others_have_gone():
    pace = Pace()
    shown(pace, cost_s=0.004)
    with pace.company(), pace.company(), pace.company(), pace.company():
        four = pace.every_s
        with pace.company(), pace.company():
            assert pace.every_s == pytest.approx(four * 6 / 4)
    assert SHOW_EVERY_S < four < AT_LEAST_EVERY_S
    assert pace.every_s == SHOW_EVERY_S


def test_nobody_waits_for_more_than_a_second():
    pace = Pace()
    shown(pace, cost_s=0.004)
    with ExitStack() as company:
        for _ in range(100):
            company.enter_context(pace.company())
        assert pace.every_s == AT_LEAST_EVERY_S


def test_a_job_that_fails_does_not_slow_the_others():
    pace = Pace()
    shown(pace, cost_s=0.02)
    with pytest.raises(ValueError, match="broken"), pace.company():
        raise ValueError("broken")
    assert pace.every_s == SHOW_EVERY_S


def test_what_waits_for_others_costs_nothing():
    pace = Pace()
    for _ in range(12):
        with pace.showing():
            time.sleep(0.01)
    with pace.company(), pace.company():
        assert pace.every_s == SHOW_EVERY_S
