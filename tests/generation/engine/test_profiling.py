"""How many rows are worth a forward pass: measured when idle, kept, never asked where bits depend on it."""

from __future__ import annotations

import json
import time

import pytest
import torch

from generation.contracts import Rendered, Stage
from generation.engine import profiling
from generation.engine.profiling import RowProfiles, worth_it
from tests.generation.engine.fakes import FakeFamily, engine_on, finish, painted, plan, submit


@pytest.mark.parametrize(
    ("rates", "rows"),
    [
        ({1: 10.0, 2: 19.0, 4: 30.0, 8: 30.5, 16: 31.0}, 8),
        ({1: 10.0, 2: 19.0, 4: 30.0, 8: 29.0, 16: 12.0}, 4),
        ({1: 10.0, 2: 9.9, 4: 10.0}, 1),
        ({1: 10.0, 2: 20.0}, 2),
    ],
)
def test_the_smallest_number_of_rows_near_the_best_rate_is_worth_it(rates, rows):
    assert worth_it(rates) == rows


class Clock:
    """Time as forward passes take it: four rows cost as much as one, and every further one as much again."""

    def __init__(self) -> None:
        self.now = 0.0

    def perf_counter(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(profiling.time, "perf_counter", clock.perf_counter)
    return clock


class Timed(FakeFamily):
    def __init__(self, clock: Clock, *, first_s: float = 0.01) -> None:
        super().__init__()
        self.clock = clock
        self.first_s = first_s

    def predict(self, network, rows, timesteps, conditioning):
        self.clock.now += self.first_s * max(1, len(rows) - 3)
        return super().predict(network, rows, timesteps, conditioning)


def measured(engine, *, limit: int = 200) -> int:
    """Let an idle engine measure all there is; how many forward passes it took."""
    passes = 0
    with torch.inference_mode():
        while engine._profiles.measure(engine._families.is_ready):
            passes += 1
            assert passes < limit
    return passes


def test_an_idle_engine_measures_what_it_has_painted_and_runs_no_larger_batch_afterwards(clock, tmp_path):
    family = Timed(clock)
    engine = engine_on(family, profile_folder=tmp_path)
    asked = plan(seeds=(1, 2, 3, 4))
    submit(engine, "first", asked)
    finish(engine)
    assert max(family.batches) == 8
    assert measured(engine) == 4 * len([1, 2, 4, 6, 8, 12, 16])
    family.batches.clear()
    ear = submit(engine, "second", asked)
    finish(engine)
    assert max(family.batches) == 4
    assert ear.last.pictures == painted(FakeFamily(), asked)


def test_a_profile_is_kept_with_the_machine(clock, tmp_path):
    first = engine_on(Timed(clock), profile_folder=tmp_path)
    submit(first, "a", plan())
    finish(first)
    measured(first)
    [[key, rates]] = json.loads((tmp_path / "rows.json").read_text()).items()
    assert torch.__version__ in key
    assert "fake" in key
    assert rates["4"] == pytest.approx(400)
    family = Timed(clock)
    second = engine_on(family, profile_folder=tmp_path)
    submit(second, "b", plan(seeds=(1, 2, 3, 4)))
    finish(second)
    assert max(family.batches) == 4
    assert measured(second) == 0


def test_each_shape_has_its_own(clock, tmp_path):
    engine = engine_on(Timed(clock), profile_folder=tmp_path)
    submit(engine, "a", plan())
    submit(engine, "b", plan(stages=(Stage(width_px=96, height_px=64, steps=3),)))
    finish(engine)
    measured(engine)
    assert len(json.loads((tmp_path / "rows.json").read_text())) == 2


def test_whoever_comes_waits_for_one_forward_pass_at_most(clock, tmp_path):
    family = Timed(clock)
    engine = engine_on(family, profile_folder=tmp_path)
    submit(engine, "a", plan())
    finish(engine)
    with torch.inference_mode():
        assert engine._profiles.measure(engine._families.is_ready)
    assert family.batches[5:] == [1]
    ear = submit(engine, "b", plan())
    finish(engine)
    assert isinstance(ear.last, Rendered)
    assert family.batches[6:11] == [4] * 5


def test_a_slow_network_is_measured_with_few_rows_only(clock, tmp_path):
    family = Timed(clock, first_s=2.0)
    engine = engine_on(family, profile_folder=tmp_path)
    submit(engine, "a", plan())
    finish(engine)
    assert measured(engine) == 2
    [rates] = json.loads((tmp_path / "rows.json").read_text()).values()
    assert rates == {"1": 0.5}


def test_a_profile_of_few_rows_forbids_no_more_than_it_knows(clock, tmp_path):
    first = engine_on(Timed(clock), profile_folder=tmp_path, max_rows=2)
    submit(first, "a", plan())
    finish(first)
    measured(first)
    family = Timed(clock)
    second = engine_on(family, profile_folder=tmp_path)
    submit(second, "b", plan(seeds=(1, 2, 3, 4)))
    finish(second)
    assert max(family.batches) == 8


def test_exact_mode_asks_no_stopwatch(clock, tmp_path):
    family = Timed(clock)
    engine = engine_on(family, profile_folder=tmp_path, is_exact=True)
    for name in "ab":
        submit(engine, name, plan(seeds=(1, 2, 3, 4)))
        finish(engine)
        measured(engine)
    assert max(family.batches[-5:]) == 8


def test_a_checkpoint_that_is_freed_is_measured_no_more(clock, tmp_path):
    engine = engine_on(Timed(clock), profile_folder=tmp_path)
    submit(engine, "a", plan())
    finish(engine)
    engine.evict("fake")
    engine._obey()
    assert measured(engine) == 0
    assert not engine._profiles._wanted


def test_a_measurement_that_fails_ends_with_what_it_has(clock, tmp_path):
    family = Timed(clock)
    engine = engine_on(family, profile_folder=tmp_path)
    submit(engine, "a", plan())
    finish(engine)
    family.rows_that_fit = 3
    measured(engine)
    [rates] = json.loads((tmp_path / "rows.json").read_text()).values()
    assert list(rates) == ["1", "2"]


@pytest.mark.parametrize("damaged", ["", "[]", '{"a": 3}', '{"a": {"x": 1}}'])
def test_a_damaged_file_is_measured_anew(damaged, tmp_path):
    (tmp_path / "rows.json").write_text(damaged)
    assert RowProfiles(tmp_path, max_rows=8)._known == {}


def test_a_picture_without_rows_is_not_measured(clock, tmp_path):
    engine = engine_on(Timed(clock), profile_folder=tmp_path)
    submit(engine, "a", plan())
    engine._obey()
    for trajectory in engine._trajectories.values():
        trajectory.conditionings = {}
        engine._profiles.note(trajectory, engine._families["fake"])
    assert not engine._profiles._wanted


def test_nothing_is_measured_without_a_folder():
    engine = engine_on(FakeFamily())
    submit(engine, "a", plan())
    finish(engine)
    assert measured(engine) == 0


def test_a_running_engine_measures_between_requests(tmp_path):
    engine = engine_on(FakeFamily(), profile_folder=tmp_path)
    ear = submit(engine, "a", plan())
    engine.start()
    deadline = time.monotonic() + 20
    while not (tmp_path / "rows.json").is_file() and time.monotonic() < deadline:
        time.sleep(0.01)
    late = submit(engine, "b", plan())
    while not late.is_done and time.monotonic() < deadline:
        time.sleep(0.01)
    assert isinstance(ear.last, Rendered)
    assert isinstance(late.last, Rendered)
    engine.stop(timeout_s=10)
