"""Uploads by program."""

from __future__ import annotations

import io

import pytest
from PIL import Image as Pillow

from generation.models import Upload

pytestmark = pytest.mark.django_db
UPLOADS = "/api/v1/uploads"


def picture(color: tuple[int, int, int] = (9, 9, 200)) -> bytes:
    out = io.BytesIO()
    Pillow.new("RGB", (40, 20), color).save(out, "JPEG")
    return out.getvalue()


def test_an_upload_can_be_named_in_a_prompt(api):
    response = api.upload(UPLOADS, picture())
    body = response.json()
    assert (response.status_code, body["width"], body["height"], body["origin"]) == (201, 40, 20, "")
    assert body["reference"] == f"upload:{body['id']}"
    job = api.post("/api/v1/jobs", {"prompt": f"{body['reference']} a boat"})
    assert job.status_code == 202


def test_the_same_picture_again_is_the_same_upload(api):
    assert api.upload(UPLOADS, picture()).json()["id"] == api.upload(UPLOADS, picture()).json()["id"]


def test_uploads_are_listed_and_deleted_by_their_owner_alone(api, stranger):
    mine = api.upload(UPLOADS, picture()).json()
    assert [one["id"] for one in api.get(UPLOADS).json()["results"]] == [mine["id"]]
    assert stranger.get(UPLOADS).json()["results"] == []
    assert stranger.delete(f"{UPLOADS}/{mine['id']}").status_code == 404
    assert api.delete(f"{UPLOADS}/{mine['id']}").status_code == 204
    assert not Upload.objects.exists()


def test_somebody_elses_upload_cannot_be_named(api, stranger):
    mine = api.upload(UPLOADS, picture()).json()
    refused = stranger.post("/api/v1/jobs", {"prompt": f"{mine['reference']} a boat"})
    assert (refused.status_code, refused.json()["code"]) == (404, "upload_not_found")


def test_what_is_no_picture_is_refused(api):
    refused = api.upload(UPLOADS, b"%PDF-1.7")
    assert (refused.status_code, refused.json()["code"]) == (422, "picture_refused")


def test_what_is_too_long_is_refused_by_its_header_and_by_itself(api):
    for size in (11 * 2**20, 10 * 2**20 + 1):
        refused = api.upload(UPLOADS, b"x" * size)
        assert (refused.status_code, refused.json()["code"]) == (413, "body_too_large")


def test_unknown_fields_and_other_kinds_of_bodies_are_refused(api):
    assert api.upload(UPLOADS, picture(), name="boat").status_code == 422
    assert api.post(UPLOADS, {"file": "x"}).status_code == 415


def test_nobody_keeps_too_many(api, settings):
    settings.MJWEB_MAX_UPLOADS = 1
    api.upload(UPLOADS, picture())
    refused = api.upload(UPLOADS, picture((200, 0, 0)))
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_uploads")
