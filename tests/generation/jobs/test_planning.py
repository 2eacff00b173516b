"""From what was asked to the numbers."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.contracts import CheckpointCard, PromptPart, RenderPlan, Stage
from generation.jobs import planning
from generation.prompts.parser import parse

CARD = CheckpointCard(
    name="m", title="M", native_px=128, size_multiple_px=32, max_side_px=512, max_tokens=40,
    steps=25, guidance=4.0, sampler="dpmpp_2m",
)  # fmt: skip


@given(width=st.integers(1, 30), height=st.integers(1, 30))
def test_every_shape_gives_sides_in_multiples_near_the_native_area(width, height):
    ratio = min(3, max(1 / 3, width / height))
    width_px, height_px = planning.picture_size(CARD, ratio)
    assert width_px % 32 == height_px % 32 == 0
    assert 0.6 <= width_px * height_px / CARD.native_px**2 <= 1.5


def test_a_square_is_the_native_square():
    assert planning.picture_size(CARD, 1) == (128, 128)


def test_seeds_follow_each_other_and_wrap():
    assert planning.grid_seeds(2**32 - 2) == (2**32 - 2, 2**32 - 1, 0, 1)


@pytest.mark.parametrize(("stylize", "guidance"), [(0, 2.4), (100, 4.0), (1000, 7.0)])
def test_stylize_scales_guidance(stylize, guidance):
    assert planning.plan_prompt(parse(f"a boat --s {stylize}"), CARD).guidance == pytest.approx(guidance)


def test_quality_scales_steps():
    assert planning.plan_prompt(parse("a boat --q 2"), CARD).stages[0].steps == 50


def test_a_plan_survives_its_json():
    plan = RenderPlan(
        checkpoint="m", parts=(PromptPart("a", 2), PromptPart("b")), guidance=4.0, sampler="euler",
        seeds=(1, 2), stages=(Stage(width_px=64, height_px=32, steps=5),
                Stage(width_px=128, height_px=64, steps=9, strength=0.4)),
    )  # fmt: skip
    assert RenderPlan.from_json(plan.to_json()) == plan


GUIDED = RenderPlan(
    checkpoint="m", parts=(PromptPart("a", 2),), guidance=4.0, guidance_interval=(0.1, 0.8), guidance_rescale=0.7,
    sampler="euler", seeds=(1,), stages=(Stage(width_px=64, height_px=32, steps=5),),
)  # fmt: skip


def test_a_guided_plan_survives_the_lists_of_a_stored_json():
    assert RenderPlan.from_json(json.loads(json.dumps(GUIDED.to_json()))) == GUIDED


def test_a_plan_stored_before_its_guidance_had_an_interval_is_guided_throughout_and_not_rescaled():
    stored = GUIDED.to_json()
    del stored["guidance_interval"], stored["guidance_rescale"]
    assert RenderPlan.from_json(stored) == replace(GUIDED, guidance_interval=(0.0, 1.0), guidance_rescale=0.0)
