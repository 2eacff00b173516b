"""People and notifications over the API, every answer held against the schema."""

from http import HTTPStatus

import pytest

from gallery.models import NotificationKind
from gallery.services.notifying import tell
from gallery.services.publishing import publish_missed
from gallery.services.standing import block_person
from tests.factories import finished_job
from tests.generation.api.api_client import ApiClient

BOB = "/api/v1/people/bob"


@pytest.fixture
def program(alice) -> ApiClient:
    return ApiClient(alice)


def test_a_person_has_a_page_with_numbers(program, alice, bob, checkpoint):
    finished_job(bob)
    publish_missed()
    body = program.get("/api/v1/people/BOB").json()
    assert (body["name"], body["pictures"], body["banner"], body["standing"]["follows"]) == ("bob", 4, None, False)
    answer = program.get("/api/v1/people/nobody-here")
    assert (answer.status_code, answer.json()["code"]) == (HTTPStatus.NOT_FOUND, "person_not_found")


def test_following_and_muting_can_be_repeated_and_taken_back(program, alice, bob):
    for _ in range(2):
        assert program.put(f"{BOB}/follow", {}).json()["standing"]["follows"]
        assert program.put(f"{BOB}/mute", {}).json()["standing"]["mutes"]
    assert program.get(BOB).json()["followers"] == 1
    assert not program.delete(f"{BOB}/follow").json()["standing"]["follows"]
    assert not program.delete(f"{BOB}/mute").json()["standing"]["mutes"]
    answer = program.put("/api/v1/people/alice/follow", {})
    assert (answer.status_code, answer.json()["code"]) == (HTTPStatus.CONFLICT, "oneself")


def test_a_block_makes_both_unknown_to_each_other(program, alice, bob):
    assert program.put(f"{BOB}/block", {}).status_code == HTTPStatus.NO_CONTENT
    assert program.get(BOB).status_code == HTTPStatus.NOT_FOUND
    assert ApiClient(bob).get("/api/v1/people/alice").status_code == HTTPStatus.NOT_FOUND
    assert program.put(f"{BOB}/follow", {}).status_code == HTTPStatus.NOT_FOUND
    assert program.delete(f"{BOB}/block").status_code == HTTPStatus.NO_CONTENT
    assert program.get(BOB).status_code == HTTPStatus.OK


def test_a_block_hides_pictures_over_the_api(alice, bob, checkpoint):
    image = finished_job(alice).images.get(index=1)
    publish_missed()
    block_person(alice, "bob")
    theirs = ApiClient(bob)
    for address in (f"/api/v1/images/{image.pk}", f"/api/v1/publications/{image.pk}"):
        assert theirs.get(address).status_code == HTTPStatus.NOT_FOUND
    assert theirs.get("/api/v1/publications").json()["results"] == []
    assert theirs.put(f"/api/v1/publications/{image.pk}/like", {}).status_code == HTTPStatus.NOT_FOUND
    upscale = {"action": "upscale", "variant": "2x"}
    assert theirs.post(f"/api/v1/images/{image.pk}/actions", upscale).status_code == HTTPStatus.NOT_FOUND


def test_notifications_are_listed_and_read(program, alice, bob, monkeypatch):
    monkeypatch.setattr("gallery.services.notifying.publish", lambda *_args, **_kwargs: None)
    tell(alice, NotificationKind.FOLLOWED, person=bob)
    tell(alice, NotificationKind.DECIDED, person=None, target="one")
    first = program.get("/api/v1/notifications", limit=1).json()
    second = program.get("/api/v1/notifications", cursor=first["next_cursor"]).json()
    assert (first["unread"], first["results"][0]["kind"]) == (2, "decided")
    line = second["results"][0]
    assert (line["sentence"], line["people"], line["read_at"]) == ("bob followed you.", ["bob"], None)
    assert ApiClient(bob).post("/api/v1/notifications/read", {"ids": [line["id"]]}).json() == {"changed": 0}
    assert program.post("/api/v1/notifications/read", {"ids": [line["id"]]}).json() == {"changed": 1}
    assert program.post("/api/v1/notifications/read").json() == {"changed": 1}
    assert program.get("/api/v1/notifications").json()["unread"] == 0
    assert program.post("/api/v1/notifications/read", {"id": 1}).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
