"""Guidance in the loop: rows that come and go from step to step, and prompts of different lengths."""

import pytest

from generation.contracts import Rendered, Stage
from tests.generation.engine.fakes import FakeFamily, engine_on, finish, painted, plan, submit, tick


def test_a_picture_takes_its_unconditional_row_only_in_the_steps_that_are_guided():
    """The timesteps of five steps are 999 to 0, evenly: the second and the third lie at 0.25 and 0.5 of the way."""
    family = FakeFamily()
    engine = engine_on(family)
    ear = submit(engine, "a", plan(guidance_interval=(0.2, 0.6), sampler="euler"))
    finish(engine)
    assert isinstance(ear.last, Rendered)
    assert family.batches == [2, 4, 4, 2, 2]


def test_rows_that_are_not_needed_let_others_in_at_once():
    """Two pictures of two rows fill the forward pass; from the fourth step on three fit."""
    family = FakeFamily()
    engine = engine_on(family, max_rows=4)
    submit(engine, "a", plan(seeds=(1, 2), guidance_interval=(0.0, 0.6), sampler="euler"))
    tick(engine, 3)
    submit(engine, "b", plan(seeds=(3,), sampler="euler"))
    tick(engine)
    assert family.batches == [4, 4, 4, 4]
    assert engine._residents["b"].slowest_step == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"guidance_interval": (0.3, 0.3)},
        {"guidance_interval": (0.3, 0.3), "guidance_rescale": 1.0},
        {"guidance": 1.0, "guidance_rescale": 1.0},
    ],
)
def test_a_picture_that_no_step_guides_is_the_one_of_scale_one(changes):
    assert painted(FakeFamily(), plan(**changes)) == painted(FakeFamily(), plan(guidance=1.0))


def test_an_interval_holds_on_through_the_stages():
    """The later stage begins at half of the noise, where the interval has ended."""
    family = FakeFamily()
    engine = engine_on(family)
    stages = tuple(Stage(width_px=64, height_px=64, steps=4, strength=strength) for strength in (1.0, 0.5))
    submit(engine, "a", plan(seeds=(1,), guidance_interval=(0.0, 0.5), sampler="euler", stages=stages))
    finish(engine)
    assert family.batches == [2, 2, 1, 1, 1, 1]


def test_prompts_of_different_lengths_never_share_a_forward_pass():
    family = FakeFamily()
    engine = engine_on(family)
    long = plan("a tree " * 9, seeds=(1,))
    for name, asked in (("short", plan(seeds=(1,))), ("long", long), ("long too", long)):
        submit(engine, name, asked)
    tick(engine, 2)
    assert family.batches == [2, 4]
    assert family.tokens == [2, 4]


def test_a_long_negative_prompt_fills_up_the_short_prompt_beside_it():
    family = FakeFamily()
    engine = engine_on(family)
    submit(engine, "a", plan(seeds=(1,), negative_prompt="a tree " * 9))
    submit(engine, "b", plan(seeds=(1,), negative_prompt="a tree " * 9, guidance=1.0))
    tick(engine, 2)
    assert family.tokens == [4, 2]  # at scale 1 the negative prompt is not there


def test_a_long_prompt_shares_no_forward_pass_with_a_short_one_in_the_second_stage_either():
    family = FakeFamily()
    engine = engine_on(family)
    stages = (Stage(width_px=64, height_px=64, steps=2), Stage(width_px=128, height_px=128, steps=4, strength=0.5))
    ears = [submit(engine, text[:6], plan(text, seeds=(1,), stages=stages)) for text in ("a boat", "a tree " * 9)]
    tick(engine, 4)
    assert {(each.stage_index, each.bucket.tokens) for each in engine._trajectories.values()} == {(1, 2), (1, 4)}
    finish(engine)
    assert all(isinstance(ear.last, Rendered) for ear in ears)
    assert set(family.batches) == {2}
    assert sorted(family.tokens) == [2] * 4 + [4] * 4
