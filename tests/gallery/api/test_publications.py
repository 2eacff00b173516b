"""The gallery as a program sees it."""

from __future__ import annotations

import pytest

from gallery.services.publishing import publish_missed
from generation.jobs.organizing import like_images
from generation.models import Image
from tests.factories import finished_job
from tests.generation.api.api_client import ApiClient

pytestmark = pytest.mark.django_db
PUBLICATIONS = "/api/v1/publications"


@pytest.fixture
def images(alice, checkpoint) -> list[Image]:
    made = list(finished_job(alice, "a boat --seed 7").images.order_by("index"))
    publish_missed()
    return made


def test_it_pages_through_what_others_show(stranger, images):
    first = stranger.get(PUBLICATIONS, limit=3).json()
    second = stranger.get(PUBLICATIONS, limit=3, cursor=first["next_cursor"]).json()
    seen = [one["image"]["id"] for one in first["results"] + second["results"]]
    assert sorted(seen) == sorted(str(image.pk) for image in images)
    assert second["next_cursor"] is None
    assert {one["author"] for one in first["results"]} == {"alice"}


def test_the_feeds_are_those_of_the_page(stranger, bob, images):
    like_images(bob, [images[2].pk])
    hot = stranger.get(PUBLICATIONS, feed="hot").json()["results"]
    assert (hot[0]["image"]["id"], hot[0]["likes"], hot[0]["is_liked"]) == (str(images[2].pk), 1, True)
    assert len(stranger.get(PUBLICATIONS, feed="likes").json()["results"]) == 1
    assert len(stranger.get(PUBLICATIONS, feed="top", within="day").json()["results"]) == 4
    assert stranger.get(PUBLICATIONS, feed="following").json() == {"results": [], "next_cursor": None}


@pytest.mark.parametrize("asked", [{"feed": "warm"}, {"within": "year"}, {"cursor": "x"}, {"limit": "0"}])
def test_what_is_asked_for_wrongly_is_told(stranger, asked):
    response = stranger.get(PUBLICATIONS, **asked)
    assert response.status_code == 422
    assert response.json()["code"] == "invalid_input"


def test_liking_and_unliking_may_be_repeated(stranger, images):
    here = f"{PUBLICATIONS}/{images[0].pk}"
    for _ in range(2):
        liked = stranger.put(f"{here}/like", {}).json()
        assert (liked["likes"], liked["is_liked"]) == (1, True)
    assert stranger.get(here).json()["is_liked"]
    for _ in range(2):
        unliked = stranger.delete(f"{here}/like").json()
        assert (unliked["likes"], unliked["is_liked"]) == (0, False)


def test_what_is_not_shown_is_not_there(stranger, alice, images):
    private = f"{PUBLICATIONS}/{finished_job(alice, 'a boat --stealth').images.first().pk}"
    assert stranger.get(private).status_code == 404
    assert stranger.put(f"{private}/like", {}).status_code == 404
    assert stranger.delete(f"{private}/like").status_code == 404


def test_it_asks_for_a_token(images):
    assert ApiClient().get(PUBLICATIONS).status_code == 401


def test_it_costs_the_same_for_any_number_of_pictures(stranger, alice, images, django_assert_num_queries):
    stranger.get(PUBLICATIONS)  # the first use of a token is written down
    for count in (4, 8):
        with django_assert_num_queries(2):  # token, publications
            assert len(stranger.get(PUBLICATIONS).json()["results"]) == count
        finished_job(alice)
        publish_missed()
