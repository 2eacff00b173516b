"""Where the upscaler comes in: between stages, before a source is painted on, and alone."""

from __future__ import annotations

import pytest

from generation.contracts import Progressed, Rendered, RenderFailed, Stage
from generation.engine.images import fit
from tests.generation.engine.fakes import FakeFamily, engine_on, finish, plan, submit, tick
from tests.generation.engine.seeing import psnr_db
from tests.generation.engine.test_upscaling import photo

SMALL = Stage(width_px=64, height_px=64, steps=5)
LARGE = Stage(width_px=128, height_px=128, steps=5, strength=0.5)
ONLY_LARGER = Stage(width_px=130, height_px=90, steps=0, strength=0)


class Noting:
    """Enlarges as Lanczos does and notes what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, int, int, int]] = []

    def enlarge(self, picture, width_px, height_px):
        self.asked.append((picture.width_px, picture.height_px, width_px, height_px))
        return fit(picture, width_px, height_px)


@pytest.fixture
def upscaler():
    return Noting()


def test_the_next_stage_paints_on_what_the_upscaler_made(upscaler):
    engine = engine_on(FakeFamily(), upscaler=upscaler)
    ear = submit(engine, "hires", plan(seeds=(1, 2), stages=(SMALL, LARGE)))
    finish(engine)
    assert isinstance(ear.last, Rendered)
    assert upscaler.asked == [(64, 64, 128, 128)] * 2


def test_a_source_is_enlarged_before_it_is_painted_on_and_a_tile_is_not(upscaler):
    engine = engine_on(FakeFamily(), upscaler=upscaler)
    submit(engine, "upscale", plan(seeds=(1,), stages=(LARGE,)), photo(64, 64))
    submit(engine, "tile", plan(seeds=(1,), stages=(LARGE,), seamless=True), photo(64, 64))
    finish(engine)
    assert upscaler.asked == [(64, 64, 128, 128)]


def test_a_plan_that_paints_nothing_only_enlarges_while_others_are_painted(upscaler):
    family = FakeFamily()
    engine = engine_on(family, upscaler=upscaler)
    other = submit(engine, "other", plan(seeds=(1,), stages=(SMALL,)))
    tick(engine)
    ear = submit(engine, "larger", plan(seeds=(7,), stages=(ONLY_LARGER,)), photo(65, 45))
    finish(engine)
    [picture] = ear.last.pictures
    assert (picture.width_px, picture.height_px) == (130, 90)
    assert psnr_db(picture, photo(65, 45), side_px=20) > 30
    assert [type(event) for event in ear.events] == [Progressed, Rendered]
    assert len(family.batches) == 5, "the network painted the other picture alone"
    assert isinstance(other.last, Rendered)


@pytest.mark.parametrize(
    "wrong",
    [
        {"seeds": (1, 2)},
        {"stages": (ONLY_LARGER, LARGE)},
        {"stages": (Stage(width_px=9000, height_px=90, steps=0, strength=0),)},
    ],
)
def test_what_it_cannot_enlarge_is_refused_with_a_sentence(upscaler, wrong):
    engine = engine_on(FakeFamily(), upscaler=upscaler)
    ear = submit(engine, "wrong", plan(**{"seeds": (1,), "stages": (ONLY_LARGER,)} | wrong), photo(65, 45))
    finish(engine)
    assert isinstance(ear.last, RenderFailed)
    assert ear.last.code == "bad_plan"
    assert upscaler.asked == []
