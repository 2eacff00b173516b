"""Time: durations, shares, a stopwatch over pieces, and the learning rate by the clock."""

from __future__ import annotations

import pytest

from generation.starter.__main__ import stage_budgets
from generation.starter.training.budget import (
    LEAST_RATE,
    SHARES,
    STAGES,
    Stopwatch,
    learning_rate,
    seconds,
    split_budget,
)


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("text", "expected"), [("24m", 1440), ("90s", 90), ("1.5h", 5400), ("1h30m", 5400), ("2", 120), ("0.5", 30)]
)
def test_durations(text, expected):
    assert seconds(text) == expected


@pytest.mark.parametrize("text", ["", "m", "5 m", "-3m", "10d"])
def test_what_is_no_duration(text):
    with pytest.raises(ValueError, match="no duration"):
        seconds(text)


@pytest.mark.parametrize("device", SHARES)
def test_all_stages_together_leave_a_reserve(device):
    budgets = split_budget(1000, STAGES, device)
    assert tuple(budgets) == STAGES
    assert 850 <= sum(budgets.values()) < 1000
    assert budgets["base"] == max(budgets.values())


def test_fewer_stages_share_the_time_of_the_others():
    both = split_budget(1000, ("base", "hires"), "cpu")
    whole = split_budget(1000, STAGES, "cpu")
    assert both["base"] > whole["base"]
    assert both["base"] / both["hires"] == pytest.approx(whole["base"] / whole["hires"])
    assert sum(both.values()) < 1000


def test_minutes_may_be_named_for_each_stage():
    assert stage_budgets("base,hires", "60m", "2,1", "cpu") == {"base": 120, "hires": 60}
    assert stage_budgets("base,hires", "60m", "0.5", "cpu") == {"base": 30, "hires": 30}
    assert stage_budgets("all", "24m", None, "cuda") == split_budget(1440, STAGES, "cuda")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("bass", "60m", None, "cpu"), "knows no bass"),
        (("base,hires", "60m", "1,2,3", "cpu"), "3 numbers for 2 stages"),
        (("base", "soon", None, "cpu"), "no duration"),
    ],
)
def test_what_cannot_be_split(arguments, words):
    with pytest.raises(SystemExit, match=words):
        stage_budgets(*arguments)


def test_a_stopwatch_counts_all_pieces_and_nothing_before_its_start():
    clock = Clock()
    watch = Stopwatch(40, clock)
    clock.now += 1000
    assert watch.elapsed_s == 0
    watch.start()
    clock.now += 10
    assert watch.elapsed_s == 10

    resumed = Stopwatch(40, clock)
    resumed.set(watch.elapsed_s)
    clock.now += 500
    resumed.start()
    clock.now += 20
    assert resumed.elapsed_s == 30
    assert resumed.progress == 0.75
    clock.now += 100
    assert resumed.progress == 1


def test_a_stage_without_a_budget_is_over():
    assert Stopwatch(0).progress == 1


def rate(progress: float, step: int = 10_000) -> float:
    return learning_rate(2.0, progress, step, hold=0.4, warmup_steps=100)


def test_the_learning_rate_warms_up_holds_and_falls():
    assert rate(0, step=0) == pytest.approx(0.02)
    assert rate(0, step=49) == pytest.approx(1.0)
    assert rate(0, step=99) == rate(0.2) == rate(0.4) == 2.0
    assert rate(0.7) == pytest.approx(2.0 * (LEAST_RATE + (1 - LEAST_RATE) * 0.5))
    assert rate(1) == pytest.approx(2.0 * LEAST_RATE)
    falling = [rate(0.4 + 0.06 * i) for i in range(11)]
    assert falling == sorted(falling, reverse=True)
