"""A person's own pictures: what the page shows, and what a search finds."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from generation.jobs import collecting, organizing
from tests.factories import finished_job

ADDRESS = "my-images"


@pytest.fixture
def signed_in(client, alice):
    client.force_login(alice)
    return client


def tiles(response) -> set[str]:
    return set(re.findall(r'id="image-([0-9a-f-]+)"', response.text))


def ids(job) -> list:
    return [image.pk for image in job.images.order_by("index")]


def test_they_hold_private_pictures_and_nobody_elses(signed_in, alice, bob, checkpoint):
    finished_job(bob)
    mine = finished_job(alice, "a boat --stealth")
    response = signed_in.get(reverse(ADDRESS))
    assert tiles(response) == {str(pk) for pk in ids(mine)}
    assert response.text.count('data-visibility="private"') == 4


def test_strangers_are_sent_to_the_sign_in_page(client, db):
    assert client.get(reverse(ADDRESS)).url.startswith(reverse("account_login"))


def test_an_empty_page_says_what_belongs_there(signed_in):
    assert "No pictures yet" in signed_in.get(reverse(ADDRESS)).text
    assert "The trash is empty" in signed_in.get(reverse(ADDRESS), {"q": "is:trashed"}).text


def test_the_next_page_comes_as_tiles_alone_and_keeps_the_search(signed_in, alice, checkpoint):
    for _ in range(11):
        finished_job(alice)
    finished_job(alice, "a boat")
    first = signed_in.get(reverse(ADDRESS), {"q": "red -boat"})
    address = re.search(r'href="(\?q=[^"]+cursor=[^"]+)"', first.text)[1].replace("&amp;", "&")
    second = signed_in.get(reverse(ADDRESS) + address, headers={"HX-Request": "true"})
    assert (len(tiles(first)), len(tiles(second))) == (40, 4)
    assert "<html" not in second.text


def test_a_search_shows_what_it_finds_and_its_terms(signed_in, alice, checkpoint):
    boat = finished_job(alice, "a boat")
    finished_job(alice, "a cat")
    response = signed_in.get(reverse(ADDRESS), {"q": "BOAT kind:imagine"})
    assert tiles(response) == {str(pk) for pk in ids(boat)}
    assert 'value="BOAT kind:imagine"' in response.text
    assert 'href="/my/images/?q=BOAT" title="Search without it"' in response.text
    assert "Save this search" in response.text


def test_a_search_that_cannot_be_read_keeps_what_was_typed(signed_in, alice, checkpoint):
    finished_job(alice)
    response = signed_in.get(reverse(ADDRESS), {"q": 'modle:x "'})
    assert response.status_code == 422
    assert "modle: is no filter. Did you mean model:?" in response.text
    assert "value='modle:x &quot;'" in response.text or 'value="modle:x &quot;"' in response.text
    assert tiles(response) == set()
    fragment = signed_in.get(reverse(ADDRESS), {"q": "modle:x"}, headers={"HX-Request": "true"})
    assert (fragment.status_code, "toast" in fragment.text) == (422, True)


def test_nothing_found_offers_the_search_without_its_last_term(signed_in, alice, checkpoint):
    finished_job(alice)
    response = signed_in.get(reverse(ADDRESS), {"q": "lighthouse tag:nothing"})
    assert "Nothing matches “lighthouse tag:nothing”" in response.text
    assert 'href="/my/images/?q=lighthouse">Search without “tag:nothing”' in response.text


def test_the_menus_write_into_the_box(signed_in, alice, checkpoint):
    text = signed_in.get(reverse(ADDRESS), {"q": "boat kind:vary on:today"}).text
    assert 'href="/my/images/?q=boat%20kind%3Avary%20on%3Atoday%20is%3Aliked"' in text
    assert 'href="/my/images/?q=boat%20on%3Atoday" aria-current="true"' in text
    assert 'href="/my/images/?q=boat%20kind%3Avary%20after%3A7d"' in text
    assert "filter-model" not in text  # there is one model, so there is no choice


def test_the_shelf_tells_where_pictures_lie(signed_in, alice, bob, checkpoint):
    collecting.create_collection(bob, "Not for Alice")
    pictures = ids(finished_job(alice))
    trips = collecting.create_collection(alice, "Trips")
    rome = collecting.create_collection(alice, "Rome", parent_id=trips.pk)
    organizing.collect_images(alice, rome.pk, pictures[:3])
    organizing.trash_images(alice, pictures[:1])
    collecting.keep_search(alice, "my favorites", "is:liked")
    text = signed_in.get(reverse(ADDRESS), {"q": "in:rome"}).text
    shelf = re.search(r'<nav class="shelf".*?</nav>', text, re.DOTALL)[0]
    assert re.findall(r"<b>([^<]+)</b>(?:<small>([^<]+)</small>)?", shelf) == [
        ("All pictures", shelf and re.search(r"<small>([^<]+ in 3)</small>", shelf)[1]),
        ("Trips", "0"),
        ("Trips / Rome", "2"),
        ("my favorites", "saved search"),
        ("Trash", re.search(r"<small>(1, \d+ days left)</small>", shelf)[1]),
    ]
    assert 'id="collection-edit"' not in text  # the name was typed in another case: it is a search, and reads the same
    assert 'id="collection-edit"' in signed_in.get(reverse(ADDRESS), {"q": "in:Rome"}).text


def test_the_trash_offers_to_restore_and_nothing_else(signed_in, alice, checkpoint):
    organizing.trash_images(alice, ids(finished_job(alice)))
    text = signed_in.get(reverse(ADDRESS), {"q": "is:trashed"}).text
    assert 'data-deed="restore"' in text
    assert 'data-deed="like"' not in text
    assert len(tiles(signed_in.get(reverse(ADDRESS)))) == 0


def test_the_size_of_pictures_is_the_browsers_and_no_nonsense(signed_in, alice, checkpoint):
    finished_job(alice)
    for cookie, expected in (("5", 'data-size="5"'), ("<b>", "data-density=")):
        signed_in.cookies["grid"] = cookie
        assert expected in signed_in.get(reverse(ADDRESS)).text


def test_more_pictures_cost_no_more_queries(signed_in, alice, checkpoint, django_assert_num_queries):
    collection = collecting.create_collection(alice, "Coast")
    organizing.collect_images(alice, collection.pk, ids(finished_job(alice)))
    signed_in.get(reverse(ADDRESS))
    with django_assert_num_queries(10):
        signed_in.get(reverse(ADDRESS))
    for number in range(5):
        collecting.create_collection(alice, str(number))
        organizing.like_images(alice, ids(finished_job(alice)))
    with django_assert_num_queries(10):
        assert len(tiles(signed_in.get(reverse(ADDRESS)))) == 24
