"""What a program makes of pictures; what it gets of wrong requests."""

from __future__ import annotations

from uuid import uuid4

import pytest

from generation.models import Job
from tests.factories import finish, finished_job
from tests.generation.api.api_client import ApiClient

pytestmark = pytest.mark.django_db
BLENDS = "/api/v1/blends"


@pytest.fixture
def image(alice, checkpoint):
    return finished_job(alice, "a red lighthouse --ar 3:2").images.get(index=2)


def actions(image) -> str:
    return f"/api/v1/images/{image.pk}/actions"


def codes(response) -> list[tuple[str, str]]:
    return [(error["field"], error["code"]) for error in response.json()["errors"]]


@pytest.mark.parametrize(
    ("body", "kind", "variant"),
    [
        ({"action": "upscale"}, "upscale", "2x"),
        ({"action": "upscale", "variant": "creative"}, "upscale", "creative"),
        ({"action": "vary", "strength": "subtle"}, "vary", "subtle"),
        ({"action": "vary", "prompt": "a blue lighthouse --ar 3:2"}, "remix", "strong"),
        ({"action": "zoom"}, "zoom", "2x"),
        ({"action": "zoom", "factor": 1.3, "prompt": "fog --ar 1:1"}, "zoom", "1.3x"),
        ({"action": "pan", "direction": "left"}, "pan", "left"),
        ({"action": "square"}, "square", ""),
    ],
)
def test_each_action_makes_its_job(api, image, body, kind, variant):
    response = api.post(actions(image), body)
    made = response.json()
    assert response.status_code == 202
    assert (made["kind"], made["variant"], made["source_image"]) == (kind, variant, str(image.pk))
    assert made["prompt"] == body.get("prompt", image.job.prompt)
    assert response["Location"] == made["urls"]["self"]


def test_the_same_key_makes_one_job_and_another_request_is_refused(api, image):
    first = api.post(actions(image), {"action": "pan", "direction": "up"}, key="k").json()
    assert api.post(actions(image), {"action": "pan", "direction": "up"}, key="k").json()["id"] == first["id"]
    refused = api.post(actions(image), {"action": "pan", "direction": "down"}, key="k")
    assert (refused.status_code, refused.json()["code"]) == (422, "idempotency_mismatch")


def test_the_same_upscale_is_the_same_job(api, image):
    ids = {api.post(actions(image), {"action": "upscale"}).json()["id"] for _ in range(2)}
    assert len(ids) == 1


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({}, ("action", "required")),
        ({"action": "paint"}, ("action", "invalid_choice")),
        ({"action": "pan"}, ("direction", "required")),
        ({"action": "pan", "direction": "in"}, ("direction", "invalid_choice")),
        ({"action": "zoom", "factor": 3}, ("factor", "max_value")),
        ({"action": "upscale", "factor": 2}, ("factor", "not_applicable")),
        ({"action": "square", "prompt": "a boat"}, ("prompt", "not_applicable")),
        ({"action": "vary", "strenght": "subtle"}, ("strenght", "unknown_field")),
    ],
)
def test_it_refuses_an_action_that_makes_no_sense(api, image, body, wrong):
    response = api.post(actions(image), body)
    assert response.status_code == 422
    assert codes(response) == [wrong]
    assert Job.objects.count() == 1


def test_what_is_wrong_with_other_words_has_its_columns(api, image):
    response = api.post(actions(image), {"action": "zoom", "prompt": "a boat --choas 4"})
    problem = response.json()["errors"][0]
    assert (response.status_code, problem["field"], problem["start"]) == (422, "prompt", 7)


def test_what_the_picture_cannot_have_is_a_sentence(api, alice, checkpoint):
    image = finished_job(alice, "a boat").images.get(index=1)
    response = api.post(actions(image), {"action": "square"})
    assert (response.status_code, response.json()["code"]) == (409, "action_not_possible")
    offered = api.get(actions(image)).json()["actions"]
    refusals = {(one["action"], one["variant"]): one["refusal"] for one in offered}
    assert refusals["square", ""] == response.json()["detail"] == "This picture is square already."
    assert [(one["width"], one["height"]) for one in offered if one["variant"] == "4x"] == [(512, 512)]


def test_private_pictures_of_others_are_not_there(stranger, alice, checkpoint):
    secret = finished_job(alice, "a boat --stealth").images.get(index=1)
    assert stranger.get(actions(secret)).status_code == 404
    assert stranger.post(actions(secret), {"action": "vary"}).status_code == 404


def test_without_a_token_there_is_nothing(image):
    assert ApiClient().post(actions(image), {"action": "vary"}).status_code == 401


def test_a_job_runs_again_as_it_was(api, alice, image):
    response = api.post(f"/api/v1/jobs/{image.job_id}/actions", {"action": "rerun"})
    body = response.json()
    assert (body["kind"], body["parent_job"]) == ("rerun", str(image.job_id))
    again = finish(Job.objects.get(pk=body["id"]))
    assert list(again.images.values_list("seed", flat=True)) == list(image.job.images.values_list("seed", flat=True))
    wrong = api.post(f"/api/v1/jobs/{image.job_id}/actions", {"action": "rerun", "index": 1})
    assert codes(wrong) == [("index", "not_applicable")]


def test_it_blends_pictures(api, alice, bob, image):
    other = finished_job(bob, "a boat").images.get(index=1)
    body = api.post(BLENDS, {"images": [str(image.pk), str(other.pk)], "shape": "3:2"}, key="k").json()
    assert (body["kind"], body["source_image"]) == ("blend", str(image.pk))
    assert api.post(BLENDS, {"images": [str(image.pk), str(other.pk)], "shape": "3:2"}, key="k").json() == body


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [
        ({"images": []}, 422, "invalid_input"),
        ({"images": ["one", "two"]}, 422, "invalid_input"),
        ({"images": [str(uuid4()), str(uuid4())]}, 404, "image_not_found"),
        ({"images": [str(uuid4())] * 2}, 409, "action_not_possible"),
        ({"images": [str(uuid4()), str(uuid4())], "shape": "3:2 --raw"}, 422, "invalid_input"),
    ],
)
def test_a_blend_of_nothing_is_refused(api, more, status, code):
    response = api.post(BLENDS, more)
    assert (response.status_code, response.json()["code"]) == (status, code)
