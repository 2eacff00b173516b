"""Pictures as a program sees them."""

from __future__ import annotations

import pytest

from tests.factories import finished_job
from tests.generation.api.api_client import ApiClient

pytestmark = pytest.mark.django_db
IMAGES = "/api/v1/images"


def test_it_pages_through_own_pictures_private_ones_included(api, alice, bob):
    finished_job(bob)
    jobs = [finished_job(alice), finished_job(alice, "a boat --stealth")]
    first = api.get(IMAGES, limit=5).json()
    second = api.get(IMAGES, limit=5, cursor=first["next_cursor"]).json()
    seen = [image["id"] for image in first["results"] + second["results"]]
    assert sorted(seen) == sorted(str(image.pk) for job in jobs for image in job.images.all())
    assert second["next_cursor"] is None
    assert {image["visibility"] for image in first["results"][:4]} == {"private"}


def test_it_costs_the_same_for_any_number_of_pictures(api, alice, django_assert_num_queries):
    api.get(IMAGES)  # the first use of a token is written down
    for count in (4, 8):
        finished_job(alice)
        with django_assert_num_queries(2):  # token, images
            assert len(api.get(IMAGES).json()["results"]) == count


def test_it_tells_everything_of_an_own_picture(api, alice):
    image = finished_job(alice, "a boat --seed 7").images.get(index=2)
    body = api.get(f"{IMAGES}/{image.pk}").json()
    assert (body["prompt"], body["seed"], body["index"]) == ("a boat --seed 7", 8, 2)
    assert body["job"] == str(image.job_id)
    assert body["page"] == f"http://testserver/images/{image.pk}/"


def test_it_shows_somebody_elses_public_picture_without_its_job(stranger, alice):
    image = finished_job(alice).images.get(index=1)
    assert stranger.get(f"{IMAGES}/{image.pk}").json()["job"] is None


def test_it_hides_somebody_elses_private_picture(stranger, alice):
    image = finished_job(alice, visibility="private").images.get(index=1)
    response = stranger.get(f"{IMAGES}/{image.pk}")
    assert (response.status_code, response.json()["code"]) == (404, "image_not_found")


def test_its_addresses_open_with_the_same_token(api, alice, client):
    finished_job(alice, visibility="private")
    token = {"Authorization": api._headers["Authorization"]}
    image = api.get(IMAGES).json()["results"][0]
    for address in (image["url"], *image["thumbnails"].values()):
        assert client.get(address, headers=token).status_code == 200
        assert client.get(address).status_code == 404


def test_it_asks_for_a_token():
    assert ApiClient().get(IMAGES).status_code == 401
