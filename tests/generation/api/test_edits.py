"""Edits by program."""

from __future__ import annotations

import pytest

from generation.models import Job
from tests.factories import finished_job
from tests.generation.jobs.test_editing import mask_png

pytestmark = pytest.mark.django_db
CANVAS = {"width": 192, "height": 128, "left": 32, "top": 0, "picture_width": 128, "picture_height": 128}


@pytest.fixture
def image(alice, checkpoint):
    return finished_job(alice).images.get(index=1)


@pytest.fixture
def edits(image):
    return f"/api/v1/images/{image.pk}/edit"


def test_a_mask_that_was_uploaded_makes_a_job(api, edits, image):
    mask = api.upload("/api/v1/uploads", mask_png()).json()["id"]
    answer = api.post(edits, {"prompt": "a tree", "mask": mask, "feather": 2, "strength": 0.9})
    body = answer.json()
    assert (answer.status_code, body["kind"], body["source_image"]) == (202, "region", str(image.pk))
    assert answer["Location"] == body["urls"]["self"]
    plan = Job.objects.get(pk=body["id"]).plan
    assert (plan.repaint.feather_px, plan.stages[0].strength) == (2, 0.9)


def test_a_canvas_makes_a_job_once_per_key(api, edits):
    first, again = (api.post(edits, {"prompt": "a tree", "canvas": CANVAS}, key="one").json() for _ in range(2))
    assert (first["kind"], first["id"]) == ("edit", again["id"])
    place = Job.objects.get(pk=first["id"]).plan.repaint.placement
    assert (place.left_px, place.top_px, place.width_px, place.height_px) == (32, 0, 128, 128)
    other = api.post(edits, {"prompt": "a bush", "canvas": CANVAS}, key="one")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_mismatch")


def test_what_is_wrong_is_a_problem_with_its_code(api, stranger, edits, image):
    assert api.post(edits, {"prompt": "a tree"}).json()["code"] == "action_not_possible"
    assert api.post(edits, {"prompt": "a tree", "canvas": {**CANVAS, "left": 99}}).json()["code"] == "invalid_input"
    assert api.post(edits, {"prompt": "a tree", "canvas": {**CANVAS, "x": 1}}).status_code == 422
    assert api.post(edits, {"prompt": "a tree", "mask": str(image.pk)}).json()["code"] == "upload_not_found"
    wrong = api.post(edits, {"prompt": "a tree --choas 3", "canvas": CANVAS}).json()
    assert (wrong["code"], wrong["errors"][0]["start"]) == ("bad_prompt", 7)
    image.visibility = "private"
    image.save()
    assert stranger.post(edits, {"prompt": "a tree", "canvas": CANVAS}).status_code == 404
    assert Job.objects.count() == 1
