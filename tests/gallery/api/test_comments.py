"""Comments as a program sees them."""

from __future__ import annotations

import pytest

from gallery.services.commenting import post_comment
from gallery.services.publishing import publish_missed
from generation.models import Image
from tests.factories import finished_job

pytestmark = pytest.mark.django_db


@pytest.fixture
def image(alice, checkpoint) -> Image:
    image = finished_job(alice).images.get(index=1)
    publish_missed()
    return image


@pytest.fixture
def here(image) -> str:
    return f"/api/v1/publications/{image.pk}/comments"


def test_it_says_answers_edits_and_deletes(api, stranger, here):
    first = stranger.post(here, {"text": "The light, @alice!"})
    assert first.status_code == 201
    assert (first.json()["author"], first.json()["mentioned"]) == ("bob", ["alice"])
    one = f"{here}/{first.json()['id']}"
    answer = api.post(here, {"text": "Thank you.", "answered": first.json()["id"]}).json()
    assert answer["answered"] == first.json()["id"]
    edited = stranger.patch(one, {"text": "The light!"}).json()
    assert (edited["text"], edited["edited_at"] is None) == ("The light!", False)
    assert stranger.get(one).json()["answers"][0]["text"] == "Thank you."
    assert stranger.delete(one).status_code == 204
    (place,) = stranger.get(here).json()["results"]
    assert (place["is_gone"], place["author"], place["text"], len(place["answers"])) == (True, None, "", 1)
    assert stranger.get(f"/api/v1/publications/{here.split('/')[4]}").json()["comments"] == 1


def test_it_pages_oldest_first(stranger, alice, image, here):
    for number in range(3):
        post_comment(alice, image.pk, f"Number {number}")
    first = stranger.get(here, limit=2).json()
    second = stranger.get(here, limit=2, cursor=first["next_cursor"]).json()
    texts = [one["text"] for one in first["results"] + second["results"]]
    assert texts == ["Number 0", "Number 1", "Number 2"]
    assert second["next_cursor"] is None


@pytest.mark.parametrize(
    ("body", "code"),
    [({"text": " "}, "comment_refused"), ({"text": "a" * 2001}, "comment_refused"), ({"txt": "a"}, "invalid_input")],
)
def test_what_cannot_be_said_is_told(stranger, here, body, code):
    refused = stranger.post(here, body)
    assert (refused.status_code, refused.json()["code"]) == (422, code)


def test_what_is_not_theirs_or_not_there_is_not_found(api, stranger, alice, image, here):
    comment = post_comment(alice, image.pk, "Mine.")
    elsewhere = f"/api/v1/publications/{image.job.images.get(index=2).pk}/comments/{comment.pk}"
    for address in (f"{here}/{comment.pk}", elsewhere):
        assert stranger.patch(address, {"text": "Yours."}).json()["code"] == "comment_not_found"
        assert stranger.delete(address).json()["code"] == "comment_not_found"
    assert api.get(elsewhere).status_code == 404
    private = finished_job(alice, "a boat --stealth").images.get(index=1)
    assert stranger.get(f"/api/v1/publications/{private.pk}/comments").json()["code"] == "publication_not_found"


def test_the_eleventh_within_a_minute_waits(stranger, here):
    answers = [stranger.post(here, {"text": f"Number {number}"}) for number in range(11)]
    assert [answer.status_code for answer in answers] == [201] * 10 + [429]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 60
