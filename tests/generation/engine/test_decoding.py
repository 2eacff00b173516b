"""Pictures decoded between the steps, or beside them on a thread of their own."""

from __future__ import annotations

import threading

import pytest
import torch

from generation.contracts import RenderCanceled, Rendered, Stage
from generation.engine.decoding import Decoder, ThreadLane
from tests.generation.engine.fakes import FakeFamily, engine_on, finish, painted, plan, submit, tick

LONG = (Stage(width_px=64, height_px=64, steps=50),)


class SlowToDecode(FakeFamily):
    """Decodes when it is allowed to, and remembers on which threads and how far the steps were."""

    def __init__(self) -> None:
        super().__init__()
        self.may_decode = threading.Event()
        self.begun = threading.Event()
        self.threads: set[str] = set()

    def decode(self, latents, **how):
        self.begun.set()
        assert self.may_decode.wait(20)
        self.threads.add(threading.current_thread().name)
        assert torch.is_inference_mode_enabled()
        return super().decode(latents, **how)


def with_a_lane(family):
    engine = engine_on(family)
    engine._decoder = Decoder(ThreadLane())
    return engine


def test_without_a_lane_one_picture_is_decoded_per_tick():
    engine = engine_on(FakeFamily())
    ear = submit(engine, "a", plan(seeds=(1, 2, 3)))
    tick(engine, 5)
    assert len(engine._decoder) == 2
    tick(engine)
    assert len(engine._decoder) == 1
    finish(engine)
    assert isinstance(ear.last, Rendered)


def test_others_go_on_while_a_picture_is_decoded():
    family = SlowToDecode()
    engine = with_a_lane(family)
    first, other = submit(engine, "a", plan(seeds=(1,))), submit(engine, "b", plan(stages=LONG))
    tick(engine, 5)
    assert family.begun.wait(20)
    tick(engine, 10)
    assert other.last.step == 15
    assert not first.is_done
    family.may_decode.set()
    finish(engine)
    assert isinstance(first.last, Rendered)
    assert isinstance(other.last, Rendered)
    assert family.threads == {"decode_0"}
    engine._close()


def test_pictures_from_the_lane_are_those_that_are_decoded_between_steps():
    asked = [plan("x" * number, seeds=(number, 9)) for number in range(3)]
    engine = with_a_lane(FakeFamily())
    ears = [submit(engine, str(number), each) for number, each in enumerate(asked)]
    finish(engine)
    assert [ear.last.pictures for ear in ears] == [painted(FakeFamily(), each) for each in asked]
    engine._close()


def test_a_picture_that_is_cancelled_while_it_is_decoded_comes_to_nothing():
    family = SlowToDecode()
    engine = with_a_lane(family)
    gone, other = submit(engine, "a", plan(seeds=(1, 2))), submit(engine, "b", plan(stages=LONG))
    tick(engine, 6)
    assert family.begun.wait(20)
    engine.cancel("a")
    family.may_decode.set()
    tick(engine)
    assert isinstance(gone.last, RenderCanceled)
    assert len(engine._decoder) == 0
    finish(engine)
    assert isinstance(other.last, Rendered)
    assert len(engine._trajectories) == 0
    engine._close()


def test_pictures_that_are_cancelled_while_they_wait_are_never_decoded():
    family = SlowToDecode()
    family.may_decode.set()
    engine = engine_on(family)
    gone = submit(engine, "a", plan(seeds=(1, 2, 3)))
    tick(engine, 5)
    family.begun.clear()
    engine.cancel("a")
    tick(engine)
    assert isinstance(gone.last, RenderCanceled)
    assert len(engine._decoder) == 0
    assert not family.begun.is_set()


@pytest.mark.parametrize("has_lane", [False, True])
def test_a_picture_that_cannot_be_decoded_fails_its_request_alone(has_lane):
    class Broken(FakeFamily):
        decodings = 0

        def decode(self, latents, **how):
            self.decodings += 1
            if self.decodings == 1:
                raise ValueError("broken")
            return super().decode(latents, **how)

    engine = with_a_lane(Broken()) if has_lane else engine_on(Broken())
    bad, good = submit(engine, "a", plan()), submit(engine, "b", plan(stages=LONG))
    finish(engine)
    assert bad.last.code == "engine_error"
    assert isinstance(good.last, Rendered)
    engine._close()


@pytest.mark.parametrize("has_lane", [False, True])
def test_the_next_stage_starts_from_the_decoded_picture(has_lane):
    stages = (
        Stage(width_px=64, height_px=64, steps=4),
        Stage(width_px=128, height_px=128, steps=4, strength=0.5),
    )
    engine = with_a_lane(FakeFamily()) if has_lane else engine_on(FakeFamily())
    ear = submit(engine, "a", plan(stages=stages))
    finish(engine)
    assert ear.last.pictures == painted(FakeFamily(), plan(stages=stages))
    engine._close()
