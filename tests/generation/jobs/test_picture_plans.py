"""From a picture and a wish to the numbers that make it."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.contracts import Placement, PromptPart, RenderPlan, Repaint, SourceUse, Stage
from generation.errors import ActionNotPossibleError
from generation.jobs import picture_plans, planning
from tests.generation.jobs.test_planning import CARD

PLAN = RenderPlan(
    checkpoint="m", parts=(PromptPart("a boat"),), guidance=4.0, sampler="euler", seeds=(1, 2, 3, 4), keep=4, chaos=30,
    weird=200, stages=(Stage(width_px=160, height_px=96, steps=25),),
)  # fmt: skip


def assert_placed(plan: RenderPlan) -> Placement:
    """The picture lies on its canvas, whole and not all over it, and the canvas is one that the model makes."""
    place, (stage,) = plan.repaint.placement, plan.stages
    assert 0 <= place.left_px <= place.left_px + place.width_px <= stage.width_px
    assert 0 <= place.top_px <= place.top_px + place.height_px <= stage.height_px
    assert (place.width_px, place.height_px) != (stage.width_px, stage.height_px)
    assert stage.width_px % CARD.size_multiple_px == stage.height_px % CARD.size_multiple_px == 0
    assert 0 < stage.strength <= 1
    return place


@given(factor=st.sampled_from([1.2, 1.5, 2.0]), width=st.sampled_from([64, 96, 128, 160, 192, 512]))
def test_zooming_out_shrinks_the_picture_into_the_middle_of_a_canvas_of_the_native_size(factor, width):
    plan = replace(PLAN, stages=(Stage(width_px=width, height_px=128, steps=9),))
    zoomed = picture_plans.plan_zoom(plan, CARD, factor=factor)
    place = assert_placed(zoomed)
    assert place.width_px / place.height_px == pytest.approx(width / 128, rel=0.05)
    assert abs(zoomed.width_px - place.width_px - 2 * place.left_px) <= 1
    assert abs(zoomed.height_px - place.height_px - 2 * place.top_px) <= 1
    assert max(place.width_px / zoomed.width_px, place.height_px / zoomed.height_px) == pytest.approx(
        1 / factor, rel=0.05
    )


def test_another_shape_keeps_the_picture_whole():
    squared = picture_plans.plan_zoom(PLAN, CARD, factor=1, ratio=1)
    place = assert_placed(squared)
    assert (squared.width_px, squared.height_px) == (128, 128)
    assert place.width_px == 128
    assert place.top_px == (128 - place.height_px) // 2 > 0


@pytest.mark.parametrize(
    ("direction", "left", "top", "size"),
    [("left", 64, 0, (224, 96)), ("right", 0, 0, (224, 96)), ("up", 0, 32, (160, 128)), ("down", 0, 0, (160, 128))],
)
def test_panning_lengthens_the_canvas_by_about_half_and_keeps_every_pixel(direction, left, top, size):
    panned = picture_plans.plan_pan(PLAN, CARD, direction=direction)
    assert assert_placed(panned) == Placement(left_px=left, top_px=top, width_px=160, height_px=96)
    assert (panned.width_px, panned.height_px) == size


def test_repainting_keeps_the_size_and_asks_for_a_mask():
    repainted = picture_plans.plan_repaint(PLAN, CARD)
    assert (repainted.width_px, repainted.height_px, repainted.needs_mask) == (160, 96, True)
    assert repainted.repaint == Repaint(feather_px=4)
    assert len(repainted.source_uses) == 1


def test_what_spread_a_grid_does_not_spread_what_is_made_from_its_pictures():
    made = [
        picture_plans.plan_repaint(PLAN, CARD),
        picture_plans.plan_zoom(PLAN, CARD, factor=2),
        picture_plans.plan_pan(PLAN, CARD, direction="up"),
        planning.plan_variation(PLAN, CARD, strength="subtle"),
        planning.plan_upscale(PLAN, CARD, seed=3),
    ]
    assert {(plan.chaos, plan.keep, plan.sources, plan.weird) for plan in made} == {(0, None, (), 200)}
    again = [planning.plan_variation(plan, CARD, strength="strong") for plan in made]
    assert {plan.repaint for plan in again} == {None}


def test_a_blend_starts_from_all_and_asks_what_each_shows():
    blend = picture_plans.plan_blend(picture_plans.without_words(PLAN), [1, 1, 2])
    assert [use.start for use in blend.sources] == [1, 1, 2]
    assert [use.prompt for use in blend.sources] == [0.5, 0.5, 1.0]
    assert 0 < blend.stages[0].strength < 1
    assert blend.parts == (PromptPart(""),)


def test_the_heavier_an_image_prompt_the_more_it_says_and_the_more_of_it_stays():
    light, heavy = (picture_plans.with_image_prompts(PLAN, [weight]) for weight in (0.5, 3))
    assert light.sources[0].prompt < heavy.sources[0].prompt
    assert light.stages[0].strength > heavy.stages[0].strength
    assert picture_plans.with_image_prompts(PLAN, [0]) == PLAN


@pytest.mark.parametrize(("weight", "share"), [(0, 0.0), (25, 0.25), (100, 0.5), (400, 1.0), (1000, 1.0)])
def test_a_style_weight_is_a_share(weight, share):
    assert picture_plans.with_style(PLAN, [weight]).sources == (SourceUse(style=share),)


def test_images_come_before_styles_whatever_is_asked_first():
    one = picture_plans.with_style(picture_plans.with_image_prompts(PLAN, [1]), [100])
    other = picture_plans.with_image_prompts(picture_plans.with_style(PLAN, [100]), [1])
    assert one == other
    assert [bool(use.style) for use in one.sources] == [False, True]


def test_a_style_beside_a_start_keeps_the_start():
    started = picture_plans.plan_from_picture(PLAN, strength=0.6)
    assert picture_plans.with_style(started, [100]).sources == (SourceUse(start=1.0), SourceUse(style=0.5))


REFUSED = {
    "zoom 3": lambda: picture_plans.plan_zoom(PLAN, CARD, factor=3),
    "zoom in": lambda: picture_plans.plan_zoom(PLAN, CARD, factor=0.5),
    "no zoom": lambda: picture_plans.plan_zoom(PLAN, CARD, factor=1),
    "a pan too long": lambda: picture_plans.plan_pan(
        replace(PLAN, stages=(Stage(width_px=512, height_px=96, steps=5),)), CARD, direction="left"
    ),
    "a blend of one": lambda: picture_plans.plan_blend(PLAN, [1]),
    "a blend of six": lambda: picture_plans.plan_blend(PLAN, [1] * 6),
    "a blend of nothing": lambda: picture_plans.plan_blend(PLAN, [1, 0]),
    "six image prompts": lambda: picture_plans.with_image_prompts(PLAN, [1] * 6),
    "a heavy image prompt": lambda: picture_plans.with_image_prompts(PLAN, [3.5]),
    "a heavy style": lambda: picture_plans.with_style(PLAN, [1001]),
    "full strength": lambda: picture_plans.plan_from_picture(PLAN, strength=1),
    "no strength": lambda: picture_plans.plan_repaint(PLAN, CARD, strength=0),
    "three times": lambda: planning.plan_upscale(PLAN, CARD, seed=1, factor=3),
    "enlarged beyond the model": lambda: planning.plan_enlargement(PLAN, CARD, seed=1, factor=4),
    "beyond the model": lambda: planning.plan_upscale(PLAN, CARD, seed=1, factor=4),
}


@pytest.mark.parametrize("ask", REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_is_refused_with_a_sentence(ask):
    with pytest.raises(ActionNotPossibleError, match=r"\.$"):
        ask()


# --- enlarging


@pytest.mark.parametrize(("factor", "sizes"), [(1.5, [(192, 192)]), (2, [(256, 256)]), (4, [(256, 256), (512, 512)])])
def test_a_picture_is_enlarged_in_one_or_two_stages(factor, sizes):
    small = replace(PLAN, stages=(Stage(width_px=128, height_px=128, steps=25),))
    enlarged = planning.plan_upscale(small, CARD, seed=3, factor=factor)
    assert [(stage.width_px, stage.height_px) for stage in enlarged.stages] == sizes
    assert {stage.network for stage in enlarged.stages} == {"hires"}
    strengths = [stage.strength for stage in enlarged.stages]
    assert strengths == sorted(strengths, reverse=True)
    assert planning.plan_hires(small, CARD, factor=factor).stages == (*small.stages, *enlarged.stages)


def test_sides_between_two_multiples_are_rounded_down():
    (stage,) = planning.enlarging_stages(160, 96, CARD, factor=1.5)
    assert (stage.width_px, stage.height_px) == (224, 128)


def test_pixel_by_pixel_nothing_is_painted_and_nothing_rounded():
    enlarged = planning.plan_enlargement(
        replace(PLAN, stages=(Stage(width_px=160, height_px=96, steps=25),)), CARD, seed=3, factor=1.5
    )
    assert enlarged.stages == (Stage(width_px=240, height_px=144, steps=0, strength=0),)
    assert (enlarged.only_enlarges, enlarged.needs_source, enlarged.seeds) == (True, True, (3,))


# --- stored plans


FULL = replace(
    PLAN, sources=(SourceUse(start=1.0, prompt=0.5), SourceUse(style=0.3)), seamless=True,
    repaint=Repaint(feather_px=9, placement=Placement(left_px=1, top_px=2, width_px=30, height_px=40)),
    stages=(replace(PLAN.stages[0], stop=0.7),),
)  # fmt: skip


@pytest.mark.parametrize("plan", [PLAN, FULL, replace(FULL, repaint=Repaint(feather_px=3))])
def test_a_plan_survives_its_json(plan):
    assert RenderPlan.from_json(json.loads(json.dumps(plan.to_json()))) == plan


def test_a_plan_stored_before_there_was_any_of_this_means_what_it_meant():
    stored = PLAN.to_json()
    for name in ("sources", "repaint", "seamless", "chaos", "weird", "keep"):
        del stored[name]
    del stored["stages"][0]["stop"]
    assert RenderPlan.from_json(stored) == replace(PLAN, chaos=0, weird=0, keep=None)


def test_a_stored_start_from_a_picture_still_needs_one():
    stored = replace(PLAN, stages=(replace(PLAN.stages[0], strength=0.5),)).to_json()
    del stored["sources"]
    assert RenderPlan.from_json(stored).source_uses == (SourceUse(start=1.0),)
    assert not PLAN.needs_source
