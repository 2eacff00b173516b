"""Search as a program sees it: the same as the page's, with reasons."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from django.core.cache import cache

from gallery.services.publishing import publish_missed
from generation.jobs import questions
from generation.models import Embedding, Image
from tests.factories import finished_job

pytestmark = pytest.mark.django_db
HERE = "/api/v1/search"


def here(**asked: object) -> str:
    return f"{HERE}?{urlencode(asked)}"


EYES = "eyes-under-test"


@pytest.fixture
def images(alice, checkpoint, monkeypatch) -> Iterator[list[Image]]:
    """Four pictures of a boat, of which the last lies far from the others; no engine answers."""
    from generation.errors import NotAnsweredError

    def busy(_text, _asker):
        raise NotAnsweredError("The engine is busy.")

    cache.clear()
    monkeypatch.setattr("gallery.search._finding.direction_of_words", busy)
    finished_job(alice, "a red boat --seed 7")
    publish_missed()
    images = list(Image.objects.order_by("index"))
    Embedding.objects.filter(image=images[3]).update(direction=[0.0, 1.0])
    questions.introduce_clip(EYES)
    yield images
    cache.clear()


def test_what_is_found_comes_with_its_reason(stranger, images):
    body = stranger.get(here(q="boat by:alice")).json()
    assert {row["image"]["id"] for row in body["results"]} == {str(image.pk) for image in images}
    row = body["results"][0]
    assert row["why"] == {"by": ["words"], "words": ["boat"], "sentence": "words: boat"}
    assert (row["author"], row["likes"]) == ("alice", 0)
    assert body["next_cursor"] is None
    assert body["notice"].startswith("No engine could look")


def test_filters_alone_have_no_ranking(stranger, images):
    rows = stranger.get(here(q="by:alice")).json()["results"]
    assert [row["why"]["by"] for row in rows] == [[]] * 4


def test_similar_pictures_are_found_by_id(stranger, images):
    rows = stranger.get(here(similar=str(images[0].pk))).json()["results"]
    assert [row["image"]["id"] for row in rows][-1] == str(images[3].pk)
    assert len(rows) == 3
    assert rows[0]["why"]["by"] == ["picture"]


def test_pages_follow_each_other(stranger, images):
    seen: list[str] = []
    asked: dict[str, object] = {"q": "boat", "limit": 3}
    while True:
        body = stranger.get(here(**asked)).json()
        seen += [row["image"]["id"] for row in body["results"]]
        if body["next_cursor"] is None:
            break
        asked["cursor"] = body["next_cursor"]
    assert len(seen) == len(set(seen)) == 4


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ({"q": "in:book"}, 422, "search_refused"),
        ({"q": "likes:many"}, 422, "search_refused"),
        ({"similar": "nothing"}, 422, "invalid_input"),
        ({"similar": "01a21cb1-510c-771f-8cd9-cdde9b0547f8"}, 404, "image_not_found"),
        ({"similar": "upload:01a21cb1-510c-771f-8cd9-cdde9b0547f8"}, 404, "upload_not_found"),
        ({"q": "boat", "cursor": "x"}, 422, "invalid_input"),
        ({"q": "boat", "limit": "1000"}, 422, "invalid_input"),
    ],
)
def test_what_cannot_be_answered_is_a_problem(stranger, images, asked, status, code):
    answer = stranger.get(here(**asked))
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_saved_search_has_its_place(api):
    made = api.post("/api/v1/saved-searches", {"name": "Coast", "q": "boat by:me", "place": "gallery"}).json()
    assert (made["place"], made["q"]) == ("gallery", "boat by:me")
    assert api.post("/api/v1/saved-searches", {"name": "Coast", "q": "boat by:me"}).status_code == 422
    mine = api.post("/api/v1/saved-searches", {"name": "Coast", "q": "boat"}).json()
    assert mine["place"] == "mine"
    places = [row["place"] for row in api.get("/api/v1/saved-searches").json()["results"]]
    assert places == ["gallery", "mine"]
