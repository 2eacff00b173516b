"""The engine's life among other threads: waiting, warming, stopping, and what it leaves in memory."""

import threading
import time
import weakref

import pytest
import torch

from generation.contracts import Progressed, Rendered, RenderFailed, Stage
from generation.engine.failures import EngineStoppedError
from generation.engine.loading import load_family
from generation.engine.loop import Engine
from generation.starter import WEIGHTS_DIR
from tests.generation.engine.fakes import (
    Ear,
    FakeFamily,
    engine_on,
    finish,
    plan,
    submit,
    tick,
)


class Waiting(Ear):
    """A listener that another thread can wait for."""

    def __init__(self) -> None:
        super().__init__()
        self.done = threading.Event()

    def __call__(self, event) -> None:
        super().__call__(event)
        if self.is_done:
            self.done.set()


def submit_waiting(engine, request_id: str, asked) -> Waiting:
    from generation.contracts import RenderRequest

    ear = Waiting()
    engine.submit(RenderRequest(request_id=request_id, plan=asked), ear)
    return ear


def test_the_thread_paints_what_other_threads_submit_and_stops():
    engine = engine_on(FakeFamily())
    engine.start()
    engine.warm("fake")
    ears = [submit_waiting(engine, str(i), plan("x" * i)) for i in range(5)]
    assert all(ear.done.wait(20) for ear in ears)
    assert all(isinstance(ear.last, Rendered) for ear in ears)
    engine.stop(timeout_s=10)
    assert not engine._thread.is_alive()


def test_stopping_tells_whoever_waits_then_and_later():
    engine = engine_on(FakeFamily())
    engine.start()
    endless = (Stage(width_px=64, height_px=64, steps=1000),)
    ear = submit_waiting(engine, "a", plan(stages=endless))
    engine.stop(timeout_s=10)
    late = submit_waiting(engine, "b", plan())
    assert ear.done.wait(10)
    assert late.done.wait(10)
    assert [ear.last.code, late.last.code] == ["engine_stopped", "engine_stopped"]
    assert isinstance(ear.last, RenderFailed)


def test_warming_raises_what_loading_raised():
    engine = engine_on(None)
    engine.start()
    with pytest.raises(AttributeError):
        engine.warm("fake")
    engine.stop(timeout_s=10)


def test_an_engine_that_was_idle_does_not_look_stalled_when_work_arrives():
    engine = engine_on(FakeFamily())
    engine._last_tick_at -= 1000
    submit(engine, "a", plan())
    assert engine.is_busy
    assert time.monotonic() - engine.last_tick_at < 10


def test_a_busy_engine_that_stands_still_looks_so_however_much_it_is_asked_for():
    engine = engine_on(FakeFamily())
    submit(engine, "a", plan())
    engine._last_tick_at -= 1000
    submit(engine, "b", plan())
    engine.cancel("a")
    assert time.monotonic() - engine.last_tick_at > 900


# --- warming and stopping


def warmed(engine) -> None:
    """Warm as the engine thread does, without one."""
    waiting = threading.Thread(target=engine.warm, args=("fake",))
    waiting.start()
    tick(engine)
    waiting.join(20)
    assert not waiting.is_alive()


def test_warming_tries_out_one_row_a_grid_and_an_upscale():
    family = FakeFamily(has_hires=True)
    warmed(engine_on(family))
    assert family.batches == [1, 8, 2]
    assert family.networks == ["base", "base", "hires"]


def test_warming_stays_within_the_rows_of_a_forward_pass():
    family = FakeFamily()
    warmed(engine_on(family, max_rows=4))
    assert family.batches == [1, 4, 2]


def test_warming_a_slow_model_stops_after_its_time(monkeypatch):
    monkeypatch.setattr("generation.engine.rehearsal.REHEARSAL_S", 0.0)
    family = FakeFamily()
    warmed(engine_on(family))
    assert family.batches == [1]


def test_an_engine_that_can_paint_one_row_is_warm_even_when_a_grid_does_not_fit():
    family = FakeFamily(rows_that_fit=2)
    warmed(engine_on(family))
    assert family.batches == [1, 8, 2]


def test_after_warming_the_first_grid_and_the_first_upscale_try_out_nothing(starter_afresh):
    engine = Engine(lambda _: starter_afresh, max_rows=16)
    warmed(engine)
    tried = tried_row_counts(starter_afresh)
    grid = submit(engine, "grid", plan("a tree", seeds=(1, 2, 3, 4), stages=(Stage(**SQUARE_128, steps=2),)))
    finish(engine)
    stage = Stage(width_px=256, height_px=256, steps=3, strength=0.4, network="hires")
    upscale = submit(engine, "upscale", plan("a tree", seeds=(1,), stages=(stage,)), grid.last.pictures[0])
    finish(engine)
    assert isinstance(upscale.last, Rendered)
    assert tried_row_counts(starter_afresh) == tried


SQUARE_128 = {"width_px": 128, "height_px": 128}


@pytest.fixture
def starter_afresh():
    """The starter as it is when a worker starts: nothing tried out."""
    return load_family(WEIGHTS_DIR, device="cpu", dtype=torch.float32)


def tried_row_counts(family) -> dict:
    return {shape: sorted(counts._known) for shape, counts in family._rows._counts.items()}


def test_warming_a_stopped_engine_raises_and_loads_nothing():
    loaded = []
    engine = Engine(loaded.append, max_rows=8)
    engine.start()
    engine.stop(timeout_s=10)
    with pytest.raises(EngineStoppedError):
        engine.warm("fake")
    assert loaded == []


def test_stopping_an_engine_that_never_started_tells_whoever_waits():
    engine = engine_on(FakeFamily())
    before = submit(engine, "a", plan())
    engine.stop(timeout_s=10)
    after = submit(engine, "b", plan())
    assert [before.last.code, after.last.code] == ["engine_stopped", "engine_stopped"]
    assert not engine.is_busy


def test_stopping_twice_is_no_error():
    engine = engine_on(FakeFamily())
    engine.start()
    engine.stop(timeout_s=10)
    engine.stop(timeout_s=10)
    assert not engine.is_busy


def test_stopping_gives_up_on_a_tick_that_takes_too_long():
    entered, leave = threading.Event(), threading.Event()

    class Stuck(FakeFamily):
        def predict(self, network, rows, timesteps, conditioning):
            entered.set()
            assert leave.wait(20)
            return super().predict(network, rows, timesteps, conditioning)

    engine = engine_on(Stuck())
    engine.start()
    ear = submit_waiting(engine, "a", plan())
    assert entered.wait(20)
    with pytest.raises(TimeoutError):
        engine.stop(timeout_s=0.05)
    leave.set()
    assert ear.done.wait(20)
    engine.stop(timeout_s=10)


def test_many_threads_that_submit_cancel_and_stop_at_once_each_hear_one_end():
    engine = engine_on(FakeFamily())
    engine.start()
    ears: list[Waiting] = []

    def somebody(number: int) -> None:
        for i in range(8):
            ears.append(submit_waiting(engine, f"{number}/{i}", plan("x" * number, seeds=(i,))))
            if i % 3 == 0:
                engine.cancel(f"{number}/{i}")

    people = [threading.Thread(target=somebody, args=(number,)) for number in range(6)]
    for person in people:
        person.start()
    time.sleep(0.02)
    engine.stop(timeout_s=20)
    for person in people:
        person.join(20)
    assert len(ears) == 48
    assert all(ear.done.wait(20) for ear in ears)
    assert all(sum(not isinstance(event, Progressed) for event in ear.events) == 1 for ear in ears)
    assert not engine._residents
    assert not engine._trajectories
    assert len(engine._stepper.scheduler) == 0


def test_nothing_of_a_finished_request_stays_in_memory():
    engine = engine_on(FakeFamily())
    ear = submit(engine, "a", plan())
    tick(engine)
    latents = weakref.ref(next(iter(engine._trajectories.values())).latents)
    resident = weakref.ref(engine._residents["a"].trajectories[0].generator)
    finish(engine)
    assert isinstance(ear.last, Rendered)
    assert latents() is None
    assert resident() is None
