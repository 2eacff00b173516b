"""The two-stage pass with the real network: larger, true to the picture, the same every time."""

import pytest
import torch

from generation.contracts import RenderRequest, Stage
from generation.engine.admission import admit
from generation.engine.hires import OverflowedError, decode_picture
from generation.engine.images import fit
from tests.generation.engine.fakes import Ear, FakeFamily, engine_on, finish, plan, submit
from tests.generation.engine.seeing import correlation, psnr_db, values

PROMPTS = ("a red house at sunset", "a lighthouse at night")
SMALL = Stage(width_px=128, height_px=128, steps=12)
LARGE = Stage(width_px=256, height_px=256, steps=12, strength=0.45, network="hires")


def painted(family, stages, *, source=None):
    engine = engine_on(family)
    ears = [submit(engine, prompt, plan(prompt, seeds=(1,), stages=stages), source) for prompt in PROMPTS]
    finish(engine)
    return [ear.last.pictures[0] for ear in ears]


@pytest.fixture(scope="module")
def small(starter):
    return painted(starter, (SMALL,))


@pytest.fixture(scope="module")
def large(starter):
    return painted(starter, (SMALL, LARGE))


def test_the_second_stage_doubles_the_size_and_stays_true_to_the_first(small, large):
    """Measured with the starter over four prompts: 21 to 26 dB and a correlation of 0.90 to 0.98."""
    assert {(picture.width_px, picture.height_px) for picture in large} == {(256, 256)}
    for first, second in zip(small, large, strict=True):
        assert psnr_db(second, first, side_px=32) > 18
        assert correlation(second, first, side_px=128) > 0.85


def test_the_second_stage_draws_detail_that_enlarging_does_not(small, large):
    """Fine structure: what is lost when a picture is averaged down to half its size and enlarged again."""
    for first, second in zip(small, large, strict=True):
        enlarged = fit(first, 256, 256)
        assert fineness(second) > 1.05 * fineness(enlarged)  # measured: 1.10 and more


def fineness(picture) -> float:
    coarse = values(picture, picture.width_px // 2).repeat(2, axis=0).repeat(2, axis=1)
    return float(abs(values(picture) - coarse).mean())


def test_both_stages_give_the_same_bits_every_time(starter, large):
    assert painted(starter, (SMALL, LARGE)) == large


def test_an_upscale_of_a_stored_picture_stays_true_to_it(starter, small):
    engine = engine_on(starter)
    ear = submit(engine, "upscale", plan(PROMPTS[0], seeds=(1,), stages=(LARGE,)), small[0])
    finish(engine)
    assert psnr_db(ear.last.pictures[0], small[0], side_px=32) > 18


def test_numbers_that_overflowed_are_no_picture():
    family = FakeFamily()
    request = RenderRequest(request_id="a", plan=plan(seeds=(1,)))
    (trajectory,) = admit(request, Ear(), family, iter(range(9))).trajectories
    trajectory.latents[0, 0, 0] = torch.nan
    with pytest.raises(OverflowedError, match="another seed"):
        decode_picture(trajectory, family)
