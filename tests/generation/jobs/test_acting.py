"""What is made of finished pictures: upscales, variations in other words, zooms, pans, squares, reruns."""

from __future__ import annotations

from dataclasses import replace

import pytest

from generation.contracts import AdapterUse, Placement
from generation.errors import ActionNotPossibleError, ImageNotFoundError, JobNotFoundError
from generation.jobs import action_plans, services
from generation.models import Adapter, Image, Job, JobKind
from generation.prompts.problems import PromptErrors
from tests.factories import finish, finished_job

pytestmark = pytest.mark.usefixtures("checkpoint")
WIDE = "a red lighthouse by the sea --ar 3:2"


def picture(owner, prompt: str = WIDE, index: int = 2) -> Image:
    return finished_job(owner, prompt).images.get(index=index)


def size(plan) -> tuple[int, int]:
    return plan.width_px, plan.height_px


class TestUpscale:
    def test_each_kind_paints_as_much_anew_as_its_name_says(self, alice, checkpoint):
        image = picture(alice, "a boat")
        jobs = {one: services.upscale_image(alice, image.pk, variant=one) for one in action_plans.UPSCALES}
        strengths = [jobs[one].plan.stages[0].strength for one in ("subtle", "2x", "creative")]
        assert strengths == sorted(set(strengths))
        assert strengths[1] == checkpoint.card.upscale_strength
        sizes = {one: job.plan.width_px // image.width_px for one, job in jobs.items()}
        assert sizes == {"subtle": 2, "creative": 2, "2x": 2, "4x": 4}
        assert {job.variant for job in jobs.values()} == set(action_plans.UPSCALES)

    def test_it_is_the_same_job_for_the_same_kind_and_another_for_another(self, alice):
        image = picture(alice)
        first = services.upscale_image(alice, image.pk, variant="subtle")
        assert services.upscale_image(alice, image.pk, variant="subtle") == first
        assert services.upscale_image(alice, image.pk) != first

    def test_one_from_before_there_were_kinds_is_the_usual_one(self, alice):
        image = picture(alice)
        first = services.upscale_image(alice, image.pk)
        Job.objects.filter(pk=first.pk).update(variant="")
        assert services.upscale_image(alice, image.pk) == first

    def test_nothing_that_spread_or_shortened_its_grid_goes_along(self, alice, checkpoint):
        image = picture(alice, "a boat --chaos 40 --stop 60 --quality 2 --seed 7", index=3)
        plan = services.upscale_image(alice, image.pk).plan
        assert (plan.chaos, plan.stages[0].stop, plan.stages[0].steps) == (0, 1.0, checkpoint.card.steps)
        assert plan.seeds == (image.seed,) == (9,)

    def test_a_pipeline_of_one_stage_makes_four_times_the_size_pixel_by_pixel(self, alice, checkpoint):
        image = picture(alice, "a boat")
        checkpoint.card = replace(checkpoint.card, sampler="own")
        checkpoint.save()
        plan = services.upscale_image(alice, image.pk, variant="4x").plan
        assert plan.only_enlarges
        assert size(plan) == (4 * image.width_px, 4 * image.height_px)


class TestOtherWords:
    def test_a_variation_in_other_words_is_a_remix_that_starts_from_the_picture(self, alice, bob):
        image = picture(alice)
        job = services.vary_image(bob, image.pk, strength="subtle", prompt="a blue lighthouse by the sea --ar 3:2")
        assert (job.kind, job.variant, job.source, job.owner) == (JobKind.REMIX, "subtle", image, bob)
        assert job.plan.parts[0].text == "a blue lighthouse by the sea"
        assert job.plan.needs_source
        assert job.sources.get().image == image

    def test_it_keeps_the_shape_of_the_picture(self, alice):
        image = picture(alice)
        job = services.vary_image(alice, image.pk, prompt="a tower --ar 1:2")
        assert size(job.plan) == size(image.job.plan)

    def test_the_same_words_are_a_variation(self, alice):
        assert services.vary_image(alice, picture(alice).pk, prompt=f" {WIDE}\n").kind == JobKind.VARY

    def test_what_is_wrong_with_them_has_its_columns(self, alice):
        with pytest.raises(PromptErrors) as refused:
            services.vary_image(alice, picture(alice).pk, prompt="a boat --choas 4")
        assert (refused.value.problems[0].start, refused.value.problems[0].end) == (7, 14)

    @pytest.mark.parametrize("text", ["a {red, blue} boat", "a boat --repeat 3"])
    def test_they_make_one_job(self, alice, text):
        with pytest.raises(PromptErrors, match="one job"):
            services.vary_image(alice, picture(alice).pk, prompt=text)

    def test_pictures_that_they_name_are_left_out_and_that_is_said(self, alice):
        image = picture(alice)
        job = services.vary_image(alice, image.pk, prompt=f"image:{image.pk} a boat --iw 2")
        assert [source.image for source in job.sources.all()] == [image]
        assert len(job.plan.source_uses) == 1
        assert "left_out" in [note["code"] for note in job.notes]


class TestZoom:
    @pytest.mark.parametrize(("factor", "variant"), [(1.5, "1.5x"), (2, "2x"), (1.25, "1.25x")])
    def test_the_picture_lies_whole_in_the_middle_of_a_canvas_of_native_size(self, alice, factor, variant):
        image = picture(alice, "a boat")
        job = services.zoom_image(alice, image.pk, factor=factor)
        place = job.plan.repaint.placement
        assert (job.kind, job.variant, len(job.plan.seeds)) == (JobKind.ZOOM, variant, 4)
        assert size(job.plan) == size(image.job.plan)
        assert place.width_px == round(image.width_px / factor)
        assert abs(2 * place.left_px + place.width_px - job.plan.width_px) <= 1

    def test_it_never_has_more_pixels_than_a_new_picture(self, alice):
        image = finish(services.upscale_image(alice, picture(alice).pk)).images.get()
        plan = services.zoom_image(alice, image.pk).plan
        assert size(plan) == size(image.job.source.job.plan)

    def test_other_words_may_change_what_surrounds_it_and_the_shape(self, alice):
        job = services.zoom_image(alice, picture(alice).pk, factor=1, prompt="a stormy sea --ar 1:1")
        assert job.plan.width_px == job.plan.height_px
        assert (job.kind, job.prompt) == (JobKind.ZOOM, "a stormy sea --ar 1:1")

    @pytest.mark.parametrize("factor", [0.5, 2.5, float("nan")])
    def test_it_goes_from_one_to_two(self, alice, factor):
        with pytest.raises(ActionNotPossibleError, match="1 to 2"):
            services.zoom_image(alice, picture(alice).pk, factor=factor)

    def test_once_is_nothing(self, alice):
        with pytest.raises(ActionNotPossibleError, match="this shape already"):
            services.zoom_image(alice, picture(alice).pk, factor=1)

    def test_the_edges_of_a_tile_do_not_meet_any_more(self, alice):
        image = picture(alice, "a boat --tile")
        assert image.job.plan.seamless
        assert not services.zoom_image(alice, image.pk).plan.seamless
        assert services.vary_image(alice, image.pk).plan.seamless


class TestPan:
    @pytest.mark.parametrize("direction", action_plans.DIRECTIONS)
    def test_half_of_it_is_added_on_that_side(self, alice, direction):
        image = picture(alice, "a boat")
        job = services.pan_image(alice, image.pk, direction=direction)
        added = image.width_px // 2
        across = direction in ("left", "right")
        assert (job.kind, job.variant) == (JobKind.PAN, direction)
        assert size(job.plan) == (image.width_px + added * across, image.height_px + added * (not across))
        left, top = added * (direction == "left"), added * (direction == "up")
        assert job.plan.repaint.placement == Placement(
            left_px=left, top_px=top, width_px=image.width_px, height_px=image.height_px
        )

    def test_then_it_goes_on_along_the_same_axis_alone(self, alice):
        panned = finish(services.pan_image(alice, picture(alice, "a boat").pk, direction="left")).images.get(index=1)
        assert services.pan_image(alice, panned.pk, direction="right").kind == JobKind.PAN
        with pytest.raises(ActionNotPossibleError, match="sideways alone"):
            services.pan_image(alice, panned.pk, direction="up")


class TestSquare:
    def test_all_of_the_picture_lies_in_it(self, alice, checkpoint):
        image = picture(alice)
        plan = services.square_image(alice, image.pk).plan
        place = plan.repaint.placement
        assert plan.width_px == plan.height_px == place.width_px == checkpoint.card.native_px
        assert place.width_px / place.height_px == pytest.approx(image.width_px / image.height_px, rel=0.02)

    def test_a_square_stays_as_it_is(self, alice):
        with pytest.raises(ActionNotPossibleError, match="square already"):
            services.square_image(alice, picture(alice, "a boat").pk)


class TestAgain:
    def test_a_rerun_has_the_same_plan_seeds_and_pictures(self, alice):
        varied = finish(services.vary_image(alice, picture(alice).pk))
        again = services.rerun_job(alice, varied.pk)
        assert (again.kind, again.plan, again.parent) == (JobKind.RERUN, varied.plan, varied)
        assert [one.image for one in again.sources.all()] == [one.image for one in varied.sources.all()]

    def test_nobody_runs_the_job_of_somebody_else(self, alice, bob):
        with pytest.raises(JobNotFoundError):
            services.rerun_job(bob, finished_job(alice).pk)


class TestBlend:
    def test_it_is_made_of_the_pictures_alone(self, alice, bob):
        mine, theirs = picture(alice), picture(bob, "a boat")
        job = services.blend_images(alice, [mine.pk, theirs.pk], shape="3:2")
        assert (job.kind, job.source, job.owner) == (JobKind.BLEND, mine, alice)
        assert [one.image for one in job.sources.all()] == [mine, theirs]
        assert job.plan.width_px > job.plan.height_px
        assert job.plan.parts[0].text == ""

    def test_it_takes_two_to_five_different_ones(self, alice):
        images = list(finished_job(alice).images.all()) + list(finished_job(alice, "a boat").images.all())
        for chosen in ([images[0]], [images[0], images[0]], images[:6]):
            with pytest.raises(ActionNotPossibleError, match="2 to 5"):
                services.blend_images(alice, [one.pk for one in chosen])

    def test_the_same_key_is_the_same_blend(self, alice):
        keys = [one.pk for one in finished_job(alice).images.all()[:2]]
        first = services.blend_images(alice, keys, idempotency_key="k")
        assert services.blend_images(alice, keys, idempotency_key="k") == first

    def test_private_pictures_of_others_are_not_there(self, alice, bob):
        mine, secret = picture(alice), picture(bob, "a boat --stealth")
        with pytest.raises(ImageNotFoundError):
            services.blend_images(alice, [mine.pk, secret.pk])


@pytest.mark.parametrize(
    "act",
    [
        services.upscale_image,
        services.vary_image,
        services.zoom_image,
        lambda user, key: services.pan_image(user, key, direction="left"),
        services.square_image,
    ],
    ids=["upscale", "vary", "zoom", "pan", "square"],
)
def test_private_pictures_of_others_cannot_be_worked_on(alice, bob, act):
    secret = picture(alice, f"{WIDE} --stealth")
    with pytest.raises(ImageNotFoundError):
        act(bob, secret.pk)
    assert act(alice, secret.pk).visibility == "private"


def test_an_adapter_that_showed_the_grid_its_pictures_is_taken_off(alice, checkpoint):
    for name, kind in (("look", "image_prompt"), ("ink", "lora")):
        Adapter.objects.create(name=name, kind=kind, source=name, family=checkpoint.card.family, size_bytes=1)
    job = finished_job(alice)
    job.plan = replace(job.plan, adapters=(AdapterUse("ink"), AdapterUse("look")))
    job.save()
    assert services.vary_image(alice, job.images.get(index=1).pk).plan.adapters == (AdapterUse("ink"),)


def offered(image: Image) -> dict[str, str]:
    image = services.visible_image(image.owner, image.pk)
    return {f"{one.action.kind} {one.action.variant}".strip(): one.refusal for one in action_plans.offers(image)}


def test_what_a_picture_cannot_have_is_told_with_the_reason(alice):
    square = offered(picture(alice, "a boat"))
    assert [name for name, refusal in square.items() if refusal] == ["square"]
    wide = offered(picture(alice))
    assert {name: refusal for name, refusal in wide.items() if refusal} == {
        "upscale 4x": "4 times its size would be 640 px; the model makes at most 512 px."
    }
    large = finish(services.upscale_image(alice, picture(alice, "a boat").pk, variant="4x")).images.get()
    refused = {name for name, refusal in offered(large).items() if refusal}
    assert refused == {f"upscale {one}" for one in action_plans.UPSCALES} | {
        f"pan {one}" for one in action_plans.DIRECTIONS
    } | {"square"}


def test_a_pipeline_of_its_own_paints_around_nothing(alice, checkpoint):
    image = picture(alice)
    checkpoint.card = replace(checkpoint.card, sampler="own")
    checkpoint.save()
    refused = {name.split()[0] for name, refusal in offered(image).items() if "its own pipeline" in refusal}
    assert refused == {"zoom", "pan", "square"}


def test_a_picture_of_a_removed_model_has_no_actions(alice, checkpoint):
    image = picture(alice)
    checkpoint.removed_at = image.created_at
    checkpoint.save()
    assert set(offered(image).values()) == {f"The model {checkpoint.name} was removed from this server."}
