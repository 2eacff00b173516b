"""The public gallery, as a browser gets it."""

import re

import pytest
from django.urls import reverse

from gallery.services.publishing import publish_missed
from tests.factories import finished_job

HTMX = {"HX-Request": "true"}


@pytest.fixture
def jobs(alice, checkpoint):
    made = [finished_job(alice, "a red lighthouse, ink --ar 3:2")]
    publish_missed()
    return made


def tiles(response) -> list[str]:
    return re.findall(r'<article class="tile" data-ar="\d+" id="image-([0-9a-f-]+)"', response.text)


def test_it_works_without_an_account(client, jobs):
    response = client.get(reverse("explore"))
    assert set(tiles(response)) == {str(image.pk) for image in jobs[0].images.all()}
    assert 'alt="a red lighthouse, ink"' in response.text
    assert "alice" in response.text


def test_an_empty_gallery_says_what_belongs_there(client, db):
    response = client.get(reverse("explore"))
    assert "Nothing here yet" in response.text
    assert reverse("create") in response.text


def test_htmx_gets_only_the_next_tiles_and_the_link_after_them(client, alice, checkpoint):
    for _ in range(11):
        finished_job(alice)
    publish_missed()
    first = client.get(reverse("explore"))
    address = re.search(r'href="(\?cursor=[^"]+)"', first.text)[1]
    second = client.get(reverse("explore") + address, headers=HTMX)
    assert (len(tiles(first)), len(tiles(second))) == (40, 4)
    assert not set(tiles(first)) & set(tiles(second))
    assert "<html" not in second.text
    assert 'hx-swap-oob="true"' in second.text
    assert "?cursor=" not in second.text


def test_a_feed_costs_as_many_queries_with_forty_tiles_as_with_four(client, alice, jobs, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert len(tiles(client.get(reverse("explore")))) == 4
    for _ in range(9):
        finished_job(alice)
    publish_missed()
    with django_assert_num_queries(1):
        assert len(tiles(client.get(reverse("explore")))) == 40


def test_a_damaged_cursor_answers_with_a_sentence(client, db):
    response = client.get(reverse("explore"), {"cursor": "nonsense"})
    assert response.status_code == 422
    assert "This page link is damaged" in response.text


def test_a_person_has_a_page_of_public_pictures(client, jobs):
    assert len(tiles(client.get(reverse("people", args=["ALICE"])))) == 4
    assert client.get(reverse("people", args=["nobody"])).status_code == 404


def test_the_sign_in_page_shows_public_pictures_only(client, alice, jobs):
    private = finished_job(alice, "a boat --stealth").images.get(index=1)
    text = client.get(reverse("account_login")).text
    assert reverse("image-rendition", args=[jobs[0].images.first().pk, 640]) in text
    assert str(private.pk) not in text
