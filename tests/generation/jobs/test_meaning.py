"""What each parameter comes to: from a spec to the numbers of a plan."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.contracts import AdapterUse, PromptPart, SourceUse, Vocabulary
from generation.errors import ActionNotPossibleError
from generation.jobs import planning, words
from generation.jobs.limits import refusals
from generation.jobs.meaning import mean
from generation.jobs.notes import notes
from generation.models import Lane, SourceRole
from generation.prompts.spec import Aspect, PromptSpec, WeightedRef
from generation.prompts.styles import PRESETS
from tests.generation.jobs.test_planning import CARD

LARGE = replace(CARD, native_px=1024, size_multiple_px=8, max_side_px=2048, guidance=6.0)
DISTILLED = replace(LARGE, guidance=1.0, steps=4)
FLUX = replace(LARGE, family="flux", sampler="flow_euler", guidance=3.5)
WHOLE = replace(LARGE, family="pipeline", sampler="own")
SMALL = replace(CARD, vocabulary=Vocabulary((), frozenset({"boat", "watercolor"})))
A, B, C = ("https://example.com/a.png", "image:00000000-0000-7000-8000-000000000001", "upload:" + "0" * 8)


def spec(*parts: str, given: str = "", **fields) -> PromptSpec:
    """A spec of these parts, equally heavy; given: names of what was typed, by spaces."""
    said = tuple(PromptPart(part) for part in parts)
    return PromptSpec(parts=said, given=frozenset(given.split()), raw=fields.pop("raw", True), **fields)


def plan_of(said: PromptSpec, card=CARD):
    assert refusals(said, card) == []
    return mean(said, card).plan


def refused(said: PromptSpec, card=CARD) -> dict[str, str]:
    return {one.parameter: one.sentence for one in refusals(said, card)}


def noted(said: PromptSpec, card=CARD) -> dict[str, str]:
    return {note.code: note.sentence for note in notes(said, card, mean(said, card))}


# Numbers.


@pytest.mark.parametrize(
    ("stylize", "exp", "guidance"), [(0, 0, 2.4), (100, 0, 4), (1000, 0, 7), (100, 100, 8), (0, 50, 3.6)]
)
def test_stylize_and_exp_scale_guidance(stylize, exp, guidance):
    assert plan_of(spec("a", stylize=stylize, exp=exp)).guidance == pytest.approx(guidance)


def test_exp_takes_back_contrast():
    assert [plan_of(spec("a", exp=exp)).guidance_rescale for exp in (0, 50, 100)] == [0, 0.35, 0.7]


def test_guidance_as_typed_wins():
    assert plan_of(spec("a", stylize=1000, exp=40, guidance=9.5)).guidance == 9.5


@pytest.mark.parametrize(
    ("fields", "steps"),
    [({}, 25), ({"quality": 2.0}, 50), ({"quality": 4.0}, 100), ({"quality": 0.25}, 6), ({"draft": True}, 12),
     ({"steps": 40}, 40), ({"steps": 1}, 1)],
)  # fmt: skip
def test_quality_draft_and_steps(fields, steps):
    assert plan_of(spec("a", **fields)).stages[0].steps == steps


def test_a_model_of_few_steps_keeps_one_at_least():
    assert plan_of(spec("a", quality=0.25), replace(DISTILLED, steps=1)).stages[0].steps == 1


def test_what_is_a_number_of_the_plan_is_taken_as_it_is():
    plan = plan_of(spec("a", chaos=30, weird=700, tile=True, stop=40, seed=7, best=9))
    assert (plan.chaos, plan.weird, plan.seamless, plan.stages[0].stop) == (30, 700, True, 0.4)
    assert (plan.seeds, plan.keep) == (tuple(range(7, 16)), 4)


def test_one_seed_paints_one_picture_and_says_so():
    said = spec("a", same_seed=7, best=9)
    assert (plan_of(said).seeds, plan_of(said).keep) == ((7,), None)
    assert "one_picture" in noted(said)


@given(width=st.integers(1, 14), height=st.integers(1, 14))
def test_the_longest_shapes_stay_within_what_a_model_makes(width, height):
    for card in (CARD, LARGE):
        plan = plan_of(spec("a", aspect=Aspect(width, height)), card)
        assert max(plan.width_px, plan.height_px) <= card.max_side_px
        assert min(plan.width_px, plan.height_px) >= card.size_multiple_px
        ratio, wanted = plan.width_px / plan.height_px, width / height
        assert abs(math.log(ratio / wanted)) < 0.75 if card is CARD else abs(math.log(ratio / wanted)) < 0.05


@pytest.mark.parametrize(
    ("fields", "sizes"), [({"hd": True}, [256]), ({"hires": 1.5}, [192]), ({"hires": 4.0}, [256, 512])]
)
def test_an_enlargement_is_further_stages_of_the_job(fields, sizes):
    first, *later = plan_of(spec("a", stop=50, **fields)).stages
    assert (first.width_px, first.stop) == (128, 0.5)
    assert [(stage.width_px, stage.stop, stage.network) for stage in later] == [(size, 1.0, "hires") for size in sizes]


def test_an_enlargement_beyond_what_the_model_makes_is_refused_at_its_parameter():
    assert "2048 px" in refused(spec("a", hires=4.0), LARGE)["hires"]
    assert "hd" in refused(spec("a", hd=True, aspect=Aspect(14, 1)), LARGE)


def test_relax_is_a_lane():
    assert [mean(spec("a", speed=speed), CARD).lane for speed in (None, "fast", "turbo", "relax")] == [
        Lane.FAST, Lane.FAST, Lane.FAST, Lane.RELAXED
    ]  # fmt: skip


# Samplers.


def test_a_sampler_brings_the_schedule_that_it_has():
    trailing = replace(CARD, schedule="trailing")
    assert plan_of(spec("a"), trailing).schedule == "trailing"
    assert plan_of(spec("a", sampler="lcm"), trailing).schedule == "model"
    plan = plan_of(spec("a", sampler="euler", schedule="karras"), CARD)
    assert (plan.sampler, plan.schedule) == ("euler", "karras")


def test_ddim_is_ddim():
    assert plan_of(spec("a", sampler="ddim")).eta == 0
    assert plan_of(spec("a", sampler="euler_ancestral")).eta == 1


@pytest.mark.parametrize(
    ("fields", "card", "parameter"),
    [
        ({"sampler": "flow_euler"}, CARD, "sampler"),
        ({"sampler": "euler"}, FLUX, "sampler"),
        ({"sampler": "euler"}, WHOLE, "sampler"),
        ({"schedule": "karras"}, WHOLE, "schedule"),
        ({"schedule": "karras", "sampler": "ddim"}, CARD, "schedule"),
        ({"schedule": "leading"}, FLUX, "schedule"),
        ({"sampler": "lcm", "steps": 51}, CARD, "sampler"),
        ({"guidance": 7.0}, DISTILLED, "guidance"),
    ],
)
def test_what_a_family_does_not_have_is_refused_with_a_sentence(fields, card, parameter):
    said = refused(spec("a", **fields), card)
    assert list(said) == [parameter]
    assert said[parameter].endswith(".")


def test_a_distilled_model_keeps_its_guidance_and_says_what_changes_nothing():
    said = spec("a", stylize=900, negative=("b",), given="stylize no")
    assert plan_of(said, DISTILLED).guidance == 1
    assert "--stylize and --no" in noted(said, DISTILLED)["no_guidance"]
    assert "no_negative" in noted(said, FLUX)
    assert noted(said) == {}


@pytest.mark.parametrize(
    ("fields", "parameter"),
    [
        ({"chaos": 5}, "chaos"), ({"weird": 5}, "weird"), ({"tile": True}, "tile"), ({"stop": 50}, "stop"),
        ({"hires": 1.5}, "hires"), ({"hd": True}, "hd"), ({"zoom": 2.0, "images": (A,)}, "zoom"),
        ({"loras": (AdapterUse("ink"),)}, "lora"), ({"style_refs": (WeightedRef(A),)}, "sref"),
        ({"character_refs": (A,)}, "cref"), ({"object_ref": A}, "oref"), ({"images": (A, B)}, ""),
    ],
)  # fmt: skip
def test_a_pipeline_that_is_run_whole_refuses_what_takes_our_own_steps(fields, parameter):
    assert "its own pipeline" in refused(spec("a", **fields), WHOLE)[parameter]
    assert "parts" in refused(spec("a", "b"), WHOLE)[""]


def test_a_pipeline_that_is_run_whole_starts_from_one_image_and_takes_styles_as_one_text():
    meaning = mean(spec("a boat", images=(A,), style="watercolor", stylize=60, exp=50), WHOLE)
    assert (meaning.plan.sources, meaning.plan.stages[0].strength) == ((), 0.85)
    assert [one.reference for one in meaning.pictures] == [A]
    assert len(meaning.plan.parts) == 1
    assert meaning.plan.guidance_rescale == 0


# Words.


def test_the_house_styles_with_ever_more_words_and_raw_without_any():
    texts = [plan_of(spec("a boat", raw=False, stylize=stylize), LARGE).parts[0].text for stylize in (0, 100, 1000)]
    assert texts[0] == "a boat"
    assert texts[1] == "a boat, " + ", ".join(words.HOUSE[:2])
    assert texts[2] == "a boat, " + ", ".join(words.HOUSE)
    assert plan_of(spec("a boat", raw=True), LARGE).parts[0].text == "a boat"


def test_a_model_of_few_words_is_told_no_words_of_the_house():
    assert plan_of(spec("a boat", raw=False), SMALL).parts == (PromptPart("a boat"),)


def test_a_preset_stands_around_every_part_and_keeps_out_what_it_keeps_out():
    preset = PRESETS["logo"]
    plan = plan_of(spec("a fox", "an owl", style="logo", negative=("red",), raw=False), LARGE)
    assert [part.text for part in plan.parts] == [preset.around("a fox"), preset.around("an owl")]
    assert plan.negative_prompt == ", ".join(["red", *preset.negative])


def test_every_preset_is_worn_as_it_is_written():
    for preset in PRESETS.values():
        assert words.preset_dress(preset.name).on("a fox") == preset.around("a fox")


def test_below_100_a_preset_counts_by_its_share():
    plan = plan_of(spec("a fox", style="logo", stylize=25))
    assert plan.parts == (PromptPart(PRESETS["logo"].around("a fox"), 0.25), PromptPart("a fox", 0.75))
    bare = plan_of(spec("a fox", style="logo", stylize=0))
    assert (bare.parts, bare.negative_prompt) == ((PromptPart("a fox"),), "")


def test_what_is_pushed_away_is_not_dressed():
    said = PromptSpec(parts=(PromptPart("a fox", 2), PromptPart("snow", -1)), style="logo")
    assert plan_of(said).parts == (PromptPart(PRESETS["logo"].around("a fox"), 2), PromptPart("snow", -1))


@given(st.integers(1, 10), st.sampled_from([1, 40, 60, 100]), st.integers(1, 4))
def test_dressing_keeps_the_weights_and_never_makes_too_many_parts(count, stylize, codes):
    parts = tuple(PromptPart(f"thing {number}", number + 1) for number in range(count))
    refs = tuple(WeightedRef(str(number), number + 1) for number in range(codes))
    made = plan_of(PromptSpec(parts=parts, style_refs=refs, style_weight=stylize)).parts
    assert len(made) <= max(words.MAX_PARTS, count)
    assert sum(part.weight for part in made) == pytest.approx(sum(part.weight for part in parts))


def test_a_code_is_the_same_style_for_everybody_and_another_one_another():
    texts = [plan_of(spec("a fox", style_refs=(WeightedRef(code),))).parts for code in ("7", "7", "8", "123456789")]
    assert texts[0] == texts[1]
    assert len({text[0].text for text in texts}) == 3
    assert all("a fox" in text[0].text for text in texts)


def test_a_random_style_is_drawn_and_named():
    said = spec("a fox", style_refs=(WeightedRef("random"),))
    meaning = mean(said, CARD)
    [note] = notes(said, CARD, meaning)
    assert (note.code, str(meaning.codes[0]) in note.sentence) == ("style_code", True)
    again = mean(spec("a fox", style_refs=(WeightedRef(str(meaning.codes[0])),)), CARD)
    assert again.plan.parts == meaning.plan.parts


def test_codes_and_presets_that_say_nothing_to_a_model_of_few_words():
    understood = words.code_dress(5, SMALL.vocabulary)
    assert "watercolor" in understood.on("").lower()
    assert "unknown_style" in noted(spec("a boat", style="logo"), SMALL)
    assert noted(spec("a boat", style="watercolor"), SMALL) == {}


def test_a_blend_has_no_words_to_dress():
    said = spec(images=(A, B), style="logo", given="style")
    assert plan_of(said).parts == (PromptPart(""),)
    assert "--style" in noted(said)["no_words"]


# Pictures.


def test_images_stand_beside_the_words_by_their_weight():
    meaning = mean(spec("a fox", images=(A, B), image_weight=2.0), CARD)
    assert meaning.plan.sources == (SourceUse(start=2, prompt=2), SourceUse(start=2, prompt=2))
    assert meaning.plan.stages[0].strength == 0.75
    assert [(one.reference, one.role) for one in meaning.pictures] == [(A, SourceRole.IMAGE), (B, SourceRole.IMAGE)]


def test_strength_is_taken_as_typed():
    assert plan_of(spec("a fox", images=(A,), strength=0.4)).stages[0].strength == 0.4
    assert plan_of(spec("a fox", strength=0.4)).stages[0].strength == 1
    assert plan_of(spec(images=(A, B), strength=0.4)).stages[0].strength == 0.4


def test_images_that_weigh_nothing_are_left_out_and_said_to_be():
    said = spec("a fox", images=(A,), image_weight=0.0)
    meaning = mean(said, CARD)
    assert (meaning.pictures, meaning.plan.source_uses) == ((), ())
    assert "left_out" in noted(said)


def test_images_without_words_are_a_blend():
    meaning = mean(spec(images=(A, B)), CARD)
    assert meaning.plan.parts == (PromptPart(""),)
    assert [use.start for use in meaning.plan.sources] == [1, 1]
    assert len(meaning.pictures) == 2


def test_characters_and_things_are_image_prompts_and_said_to_be():
    said = spec(
        "a fox", images=(A,), character_refs=(B,), character_weight=0, object_ref=C, object_weight=1000,
        given="cref cw oref ow",
    )  # fmt: skip
    meaning = mean(said, CARD)
    assert [use.prompt for use in meaning.plan.sources] == [1.0, 0.25, 3.0]
    assert [one.role for one in meaning.pictures] == [SourceRole.IMAGE, SourceRole.CHARACTER, SourceRole.OBJECT]
    assert "--cref and --oref" in noted(said)["image_prompt"]


def test_style_pictures_lead_colors_by_their_weights_behind_the_images():
    refs = (WeightedRef(B, 2), WeightedRef("7"), WeightedRef(C, 1))
    meaning = mean(spec("a fox", images=(A,), style_refs=refs, style_weight=100), CARD)
    assert [use.style for use in meaning.plan.sources] == [0, 0.5, pytest.approx(math.sqrt(50 / 400), abs=1e-3)]
    assert [one.reference for one in meaning.pictures] == [A, B, C]
    assert len(meaning.codes) == 1


def test_style_pictures_alone_leave_the_start_to_the_noise():
    plan = plan_of(spec("a fox", style_refs=(WeightedRef(A),)))
    assert (plan.stages[0].strength, plan.sources) == (1.0, (SourceUse(style=0.5),))


def test_a_zoom_paints_a_canvas_around_the_one_image_with_all_that_the_prompt_says():
    said = spec(
        "a fox", images=(A,), zoom=2.0, seed=7, chaos=20, best=6, quality=2.0, stop=60, style_refs=(WeightedRef(B),)
    )
    assert refusals(said, CARD) == []
    meaning = mean(said, CARD, ratio=1.5)
    plan, place = meaning.plan, meaning.plan.repaint.placement
    assert plan.width_px / plan.height_px == pytest.approx(1.5, rel=0.15)
    assert place.height_px == pytest.approx(plan.height_px / 2, abs=2)
    assert (plan.seeds, plan.chaos, plan.keep, plan.stages[0].steps, plan.stages[0].stop) == (
        tuple(range(7, 13)), 20, 4, 50, 0.6
    )  # fmt: skip
    assert plan.source_uses == (SourceUse(start=1.0), SourceUse(style=0.5))
    assert [(one.reference, one.role) for one in meaning.pictures] == [(A, SourceRole.START), (B, SourceRole.STYLE)]


def test_a_zoom_of_one_changes_the_shape_alone():
    said = spec("a fox", images=(A,), zoom=1.0, aspect=Aspect(2, 1), given="ar")
    plan = mean(said, CARD, ratio=1.0).plan
    assert plan.repaint.placement.height_px == plan.height_px
    assert plan.repaint.placement.width_px < plan.width_px
    with pytest.raises(ActionNotPossibleError):
        mean(spec("a fox", images=(A,), zoom=1.0), CARD, ratio=1.0)


@pytest.mark.parametrize(
    ("fields", "parameter"),
    [
        ({"images": (A, B), "zoom": 2.0}, "zoom"),
        ({"images": (A,), "zoom": 2.0, "strength": 0.5}, "strength"),
        ({"images": (A,), "zoom": 2.0, "tile": True}, "tile"),
        ({"images": (A, A, A, A, A), "object_ref": B}, ""),
        ({"character_refs": (A,) * 6}, "cref"),
        ({"style_refs": (WeightedRef(A),) * 6}, "sref"),
    ],
)
def test_pictures_that_do_not_go_together_are_refused(fields, parameter):
    assert parameter in refused(spec("a fox", **fields))


def test_a_zoom_without_an_image_is_none():
    assert plan_of(spec("a fox", zoom=2.0)).repaint is None


WILD = st.builds(
    PromptSpec,
    parts=st.lists(st.builds(PromptPart, st.text("ab ", min_size=1), st.integers(1, 9)), min_size=1, max_size=4).map(
        tuple
    ),
    images=st.lists(st.sampled_from([A, B]), max_size=5).map(tuple),
    image_weight=st.sampled_from([0.0, 0.5, 1.0, 3.0]),
    strength=st.sampled_from([None, 0.3]),
    character_refs=st.lists(st.just(C), max_size=3).map(tuple),
    character_weight=st.integers(0, 100),
    object_ref=st.sampled_from([None, A]),
    object_weight=st.integers(1, 1000),
    style_refs=st.lists(st.builds(WeightedRef, st.sampled_from([A, "7", "random"]), st.integers(1, 5)), max_size=6).map(
        tuple
    ),
    style_weight=st.integers(0, 1000),
    style=st.sampled_from([None, *PRESETS]),
    stylize=st.integers(0, 1000),
    zoom=st.sampled_from([None, 1.0, 1.5, 2.0]),
    hires=st.sampled_from([None, 1.5, 2.0, 4.0]),
    aspect=st.builds(Aspect, st.integers(1, 14), st.integers(1, 14)),
    raw=st.booleans(),
)


@given(WILD, st.sampled_from([CARD, LARGE, DISTILLED, FLUX, WHOLE, SMALL]), st.sampled_from([0.5, 1.0, 2.0]))
def test_whatever_is_not_refused_has_a_plan_whose_pictures_are_named(said, card, ratio):
    if refusals(said, card):
        return
    try:
        meaning = mean(said, card, ratio=ratio)
    except ActionNotPossibleError:
        assert said.zoom is not None
        assert said.images
        return
    assert len(meaning.pictures) == len(meaning.plan.source_uses)
    assert sum(part.weight for part in meaning.plan.parts) > 0
    assert meaning.plan == type(meaning.plan).from_json(meaning.plan.to_json())
    assert planning.planned_steps(meaning.plan) > 0
    assert all(note.sentence.endswith((".", "again.")) for note in notes(said, card, meaning))
