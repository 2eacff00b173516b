"""Edit: a part painted anew, a larger canvas, both, and everything that is refused."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from django.core.files.storage import default_storage
from PIL import Image as Pillow

from generation.contracts import Placement, RenderPlan, Repaint, SourceUse
from generation.errors import (
    ActionNotPossibleError,
    IdempotencyMismatchError,
    ImageNotFoundError,
    PictureGoneError,
    PictureRefusedError,
    UploadNotFoundError,
)
from generation.jobs import services
from generation.jobs.edit_plans import Canvas, first_canvas
from generation.jobs.editing import Edit, edit_image, painter_of
from generation.jobs.uploads import keep_upload, own_uploads
from generation.models import Checkpoint, Job, JobKind, SourceRole, Upload, Visibility
from generation.prompts.problems import PromptErrors
from generation.workers import replaying
from generation.workers.storing import load_mask
from mjweb.common.errors import InvalidInputError
from tests.factories import claimed, finished_job
from tests.generation.workers.test_bridge import ReplayedEngine, rendered, run

TREE = "a green tree"
BOX = (32, 32, 96, 96)


def mask_png(size=(128, 128), box=BOX, mode="L", white=255) -> bytes:
    mask = Pillow.new(mode, size)
    if box:
        mask.paste(white, box)
    out = io.BytesIO()
    mask.save(out, "PNG")
    return out.getvalue()


def canvas(width=192, height=128, left=0, top=0, inner=(128, 128)) -> Canvas:
    place = Placement(left_px=left, top_px=top, width_px=inner[0], height_px=inner[1])
    return Canvas(width_px=width, height_px=height, picture=place)


@pytest.fixture
def image(alice, checkpoint):
    return finished_job(alice).images.get(index=2)


def marked(prompt=TREE, **changes) -> Edit:
    return replace(Edit(prompt=prompt, mask=mask_png()), **changes)


def test_a_mask_paints_four_times_a_part_at_the_pictures_own_size(alice, image, checkpoint):
    job = edit_image(alice, image.pk, marked())
    plan = job.plan
    assert (job.kind, job.prompt, job.source, job.parent) == (JobKind.REGION, TREE, image, image.job)
    assert [part.text for part in plan.parts] == [TREE]
    assert (plan.width_px, plan.height_px, len(plan.seeds)) == (128, 128, 4)
    assert (plan.stages[0].strength, plan.stages[0].steps) == (1.0, checkpoint.card.steps)
    assert plan.repaint == Repaint(feather_px=5)
    assert plan.needs_mask


def test_picture_and_mask_reach_the_engine_in_this_order(alice, image):
    job = edit_image(alice, image.pk, marked())
    rows = list(job.sources.order_by("position"))
    assert [(row.position, row.role) for row in rows] == [(0, SourceRole.START), (1, SourceRole.MASK)]
    engine = ReplayedEngine(rendered)
    run(claimed(job), engine)
    (source,), mask = engine.request.sources, engine.request.mask
    assert (source.width_px, mask.width_px, mask.height_px) == (128, 128, 128)
    at = 3 * (40 * 128 + 40)
    assert (mask.rgb[at : at + 3], mask.rgb[:3]) == (b"\xff" * 3, b"\0" * 3)


def test_an_edit_is_painted_again_with_its_mask(alice, image):
    job = edit_image(alice, image.pk, marked())
    request = replaying._request(job)
    assert (len(request.sources), request.mask.width_px) == (1, 128)


def test_a_mask_that_was_deleted_meanwhile_is_said(alice, image):
    job = edit_image(alice, image.pk, marked())
    Upload.objects.all().delete()
    with pytest.raises(PictureGoneError, match="mask of this job is gone"):
        load_mask(claimed(job))


def test_a_larger_canvas_paints_around_the_picture(alice, image):
    job = edit_image(alice, image.pk, Edit(prompt=TREE, canvas=canvas(left=32)))
    assert (job.kind, job.plan.width_px, job.plan.height_px) == (JobKind.EDIT, 192, 128)
    assert job.plan.repaint == Repaint(feather_px=11, placement=canvas(left=32).picture)
    assert job.plan.stages[0].strength < 1
    assert not job.plan.needs_mask
    assert [row.role for row in job.sources.all()] == [SourceRole.START]


def test_both_at_once(alice, image):
    job = edit_image(alice, image.pk, marked(canvas=canvas(), feather_px=3, strength=0.7))
    assert job.kind == JobKind.EDIT
    assert job.plan.repaint == Repaint(feather_px=3, placement=canvas().picture, masked=True)
    assert job.plan.stages[0].strength == 0.7
    assert job.plan.needs_mask
    assert RenderPlan.from_json(job.plan.to_json()) == job.plan


def test_a_smaller_picture_on_its_own_canvas_is_an_edit_too(alice, image):
    job = edit_image(alice, image.pk, Edit(prompt=TREE, canvas=canvas(128, 128, 32, 32, (64, 64))))
    assert (job.kind, job.plan.width_px) == (JobKind.EDIT, 128)


def test_masks_neither_count_among_ones_uploads_nor_are_listed(alice, image, settings):
    settings.MJWEB_MAX_UPLOADS = 0
    edit_image(alice, image.pk, marked())
    assert not own_uploads(alice).exists()
    assert Upload.objects.count() == 1


def test_an_upload_can_be_the_mask(alice, image):
    upload = keep_upload(alice, mask_png())
    job = edit_image(alice, image.pk, marked(mask=upload.pk))
    assert job.sources.get(role=SourceRole.MASK).upload == upload


def test_what_is_transparent_in_a_mask_is_kept(alice, image):
    job = edit_image(alice, image.pk, marked(mask=mask_png(mode="RGBA", white=(255,) * 4)))
    with default_storage.open(job.sources.get(role=SourceRole.MASK).original_name) as file, Pillow.open(file) as kept:
        assert (kept.getpixel((0, 0)), kept.getpixel((40, 40))) == ((0,) * 3, (255,) * 3)


@pytest.mark.parametrize(
    ("mask", "error", "said"),
    [
        (mask_png(box=None), ActionNotPossibleError, "marks nothing"),
        (mask_png(white=100), ActionNotPossibleError, "marks nothing"),
        (mask_png(box=(0, 0, 128, 128)), ActionNotPossibleError, "covers the whole picture"),
        (mask_png((64, 128)), PictureRefusedError, "mask is of 64 x 128 px, but the picture of 128 x 128 px"),
        (b"%PDF-1.7", PictureRefusedError, "no PNG"),
        (b"x" * (10 * 2**20 + 1), PictureRefusedError, "at most 10 MB"),
    ],
    ids=["empty", "too pale", "full", "another size", "no picture", "too long"],
)
def test_a_mask_that_says_nothing_is_refused(alice, image, mask, error, said):
    with pytest.raises(error, match=said):
        edit_image(alice, image.pk, marked(mask=mask))
    assert (Job.objects.count(), Upload.objects.count()) == (1, 0)


def test_nothing_to_paint_is_refused(alice, image):
    for same in (None, canvas(128, 128)):
        with pytest.raises(ActionNotPossibleError, match="Nothing would change"):
            edit_image(alice, image.pk, Edit(prompt=TREE, canvas=same))
    with pytest.raises(ActionNotPossibleError, match="Nothing would change"):
        edit_image(alice, image.pk, Edit(prompt=TREE, canvas=canvas(256, 256, inner=(256, 256))))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (canvas(200, 128), "in steps of 32, and this canvas is of 200 x 128 px"),
        (canvas(544, 128), "sides of 32 to 512 px"),
        (canvas(0, 128), "sides of 32 to 512 px"),
    ],
)
def test_a_canvas_that_the_model_does_not_paint_is_refused(alice, image, wrong, said):
    with pytest.raises(ActionNotPossibleError, match=said):
        edit_image(alice, image.pk, marked(canvas=wrong))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (canvas(left=65), "as a whole"),
        (canvas(left=-1), "as a whole"),
        (canvas(inner=(128, 0)), "as a whole"),
        (canvas(inner=(128, 100)), "keeps its shape"),
    ],
)
def test_a_picture_lies_on_its_canvas_whole_and_in_its_shape(alice, image, wrong, said):
    with pytest.raises(InvalidInputError, match=said):
        edit_image(alice, image.pk, marked(canvas=wrong))


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ({"feather_px": -1}, "from 0 to 32 px"),
        ({"feather_px": 33}, "from 0 to 32 px"),
        ({"strength": 0.01}, "from 0.05 to 1"),
        ({"strength": 1.1}, "from 0.05 to 1"),
        ({"strength": float("nan")}, "from 0.05 to 1"),
    ],
)
def test_numbers_out_of_range_are_refused(alice, image, numbers, said):
    with pytest.raises(InvalidInputError, match=said):
        edit_image(alice, image.pk, marked(**numbers))


def test_what_is_wrong_with_the_words_is_said_with_its_columns(alice, image):
    with pytest.raises(PromptErrors) as refused:
        edit_image(alice, image.pk, marked(f"{TREE} --choas 10"))
    (problem,) = refused.value.problems
    assert (problem.code, problem.start) == ("unknown_parameter", len(TREE) + 1)
    with pytest.raises(PromptErrors, match="one prompt, and this stands for 2"):
        edit_image(alice, image.pk, marked("a {red, green} tree"))
    assert Job.objects.count() == 1


def test_what_the_canvas_says_is_left_to_it_and_noted(alice, image):
    job = edit_image(alice, image.pk, marked(f"{TREE} --ar 3:1 --hires 4 --chaos 20 --steps 9"))
    assert (job.plan.width_px, job.plan.height_px, len(job.plan.stages)) == (128, 128, 1)
    assert (job.plan.chaos, job.plan.stages[0].steps) == (20, 9)
    assert "Left out: --ar and --hires." in job.notes[-1]["sentence"]


def test_edges_meet_only_where_the_canvas_stays(alice, image):
    assert edit_image(alice, image.pk, marked(f"{TREE} --tile")).plan.seamless
    job = edit_image(alice, image.pk, marked(f"{TREE} --tile", canvas=canvas()))
    assert not job.plan.seamless
    assert job.notes[-1]["code"] == "no_tile"


def test_pictures_that_the_words_name_count_beside_the_edited_one(alice, image):
    other = finished_job(alice, "a blue boat").images.get(index=1)
    style = keep_upload(alice, mask_png(mode="RGB", white=(9, 9, 200)))
    job = edit_image(alice, image.pk, marked(f"image:{other.pk} {TREE} --sref upload:{style.pk}"))
    uses = job.plan.source_uses
    assert uses[0] == SourceUse(start=1.0)
    assert [use.start for use in uses[1:]] == [0, 0]
    assert uses[1].prompt > 0
    assert uses[2].style > 0
    rows = [(row.role, row.image or row.upload) for row in job.sources.order_by("position")]
    assert rows[:3] == [(SourceRole.START, image), (SourceRole.IMAGE, other), (SourceRole.STYLE, style)]
    assert rows[3][0] == SourceRole.MASK


def test_an_edit_is_as_private_as_its_picture_unless_the_words_say_it(alice, image):
    assert edit_image(alice, image.pk, marked()).visibility == Visibility.PUBLIC
    assert edit_image(alice, image.pk, marked(f"{TREE} --stealth")).visibility == Visibility.PRIVATE
    image.visibility = Visibility.PRIVATE
    image.save()
    assert edit_image(alice, image.pk, marked()).visibility == Visibility.PRIVATE
    assert edit_image(alice, image.pk, marked(f"{TREE} --public")).visibility == Visibility.PUBLIC


def test_others_edit_public_pictures_alone_and_own_the_result(alice, bob, image):
    hidden = finished_job(alice, "a boat --stealth").images.get(index=1)
    assert edit_image(bob, image.pk, marked()).owner == bob
    with pytest.raises(ImageNotFoundError):
        edit_image(bob, hidden.pk, marked())
    upload = keep_upload(alice, mask_png(box=(0, 0, 9, 9)))
    with pytest.raises(UploadNotFoundError):
        edit_image(bob, image.pk, marked(mask=upload.pk))


def test_the_same_key_gives_the_same_job_and_another_edit_is_refused(alice, image):
    first = edit_image(alice, image.pk, marked(), idempotency_key="k")
    assert edit_image(alice, image.pk, marked(), idempotency_key="k") == first
    with pytest.raises(IdempotencyMismatchError):
        edit_image(alice, image.pk, marked(mask=mask_png(box=(0, 0, 9, 9))), idempotency_key="k")


def test_a_reroll_of_an_edit_has_its_mask_too(alice, image):
    job = edit_image(alice, image.pk, marked())
    again = services.reroll_job(alice, job.pk)
    assert again.sources.get(role=SourceRole.MASK).upload == job.sources.get(role=SourceRole.MASK).upload


def test_a_model_that_was_removed_leaves_the_edit_to_the_persons_own(alice, image, card):
    other = Checkpoint(name="other", source="nowhere")
    other.card = replace(card, name="other", title="Other")
    other.save()
    assert painter_of(alice, image).name == card.name
    image.job.checkpoint.removed_at = image.created_at
    image.job.checkpoint.save()
    assert painter_of(alice, image) == other
    assert edit_image(alice, image.pk, marked()).checkpoint == other


def test_a_model_with_a_pipeline_of_its_own_keeps_no_part(alice, image, checkpoint, card):
    checkpoint.card = replace(card, sampler="own")
    checkpoint.save()
    with pytest.raises(ActionNotPossibleError, match="keeps no part of a picture"):
        edit_image(alice, image.pk, marked())


@pytest.mark.parametrize(
    ("size", "whole", "inner"),
    [
        ((128, 128), (128, 128), (0, 0, 128, 128)),
        ((100, 128), (128, 128), (14, 0, 100, 128)),
        ((1024, 512), (512, 512), (0, 128, 512, 256)),
    ],
)
def test_an_edit_begins_with_the_smallest_canvas_that_holds_the_picture(image, card, size, whole, inner):
    image.width_px, image.height_px = size
    first = first_canvas(image, card)
    place = first.picture
    assert (first.width_px, first.height_px) == whole
    assert (place.left_px, place.top_px, place.width_px, place.height_px) == inner
