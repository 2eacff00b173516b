"""A person's own pictures."""

import re

from django.urls import reverse

from tests.factories import finished_job

ADDRESS = "my-images"


def tiles(response) -> set[str]:
    return set(re.findall(r'id="image-([0-9a-f-]+)"', response.text))


def test_they_hold_private_pictures_and_nobody_elses(client, alice, bob, checkpoint):
    finished_job(bob)
    mine = finished_job(alice, "a boat --stealth")
    client.force_login(alice)
    response = client.get(reverse(ADDRESS))
    assert tiles(response) == {str(image.pk) for image in mine.images.all()}
    assert response.text.count('aria-label="Private"') == 4


def test_strangers_are_sent_to_the_sign_in_page(client, db):
    assert client.get(reverse(ADDRESS)).url.startswith(reverse("account_login"))


def test_an_empty_page_says_what_belongs_there(client, alice):
    client.force_login(alice)
    assert "No pictures yet" in client.get(reverse(ADDRESS)).text


def test_the_next_page_comes_as_tiles_alone(client, alice, checkpoint):
    for _ in range(11):
        finished_job(alice)
    client.force_login(alice)
    first = client.get(reverse(ADDRESS))
    address = re.search(r'href="(\?cursor=[^"]+)"', first.text)[1]
    second = client.get(reverse(ADDRESS) + address, headers={"HX-Request": "true"})
    assert (len(tiles(first)), len(tiles(second))) == (40, 4)
    assert "<html" not in second.text


def test_more_pictures_cost_no_more_queries(client, alice, checkpoint, django_assert_num_queries):
    client.force_login(alice)
    finished_job(alice)
    with django_assert_num_queries(4):
        client.get(reverse(ADDRESS))
    for _ in range(5):
        finished_job(alice)
    with django_assert_num_queries(4):
        assert len(tiles(client.get(reverse(ADDRESS)))) == 24
