"""What people write and show on their page, and what others see of it."""

from __future__ import annotations

from http import HTTPStatus
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from gallery.errors import ProfileRefusedError
from gallery.models import SpotlightItem
from gallery.models.profile import MAX_SPOTLIGHT
from gallery.selectors.people import profile_page, spotlight_of
from gallery.services import profiles
from gallery.services.liking import like_picture
from gallery.services.publishing import publish_missed
from generation.errors import ImageNotFoundError
from generation.models import Image
from mjweb.accounts.models import User
from tests.factories import finished_job

HTMX = {"HX-Request": "true"}


@pytest.fixture
def grid(alice, checkpoint) -> list[Image]:
    images = list(finished_job(alice, "a red lighthouse").images.order_by("index"))
    publish_missed()
    return images


def shown(viewer: User, person: User) -> list[int]:
    return [publication.image.index for publication in spotlight_of(viewer, person)]


def test_a_page_says_what_its_person_wrote(alice, bob, grid):
    profiles.edit_profile(alice, about="  I paint\r\nlighthouses. ", shows_likes=True)
    profiles.choose_banner(alice, grid[1].pk)
    like_picture(bob, grid[0].pk)
    head = profile_page(bob, "ALICE")
    assert (head.about, head.banner, head.pictures, head.likes) == ("I paint\nlighthouses.", grid[1], 4, 1)
    profiles.choose_banner(alice, None)
    assert profile_page(bob, "alice").banner is None


def test_a_long_text_is_refused(alice):
    profiles.edit_profile(alice, about="é" * 500, shows_likes=False)
    with pytest.raises(ProfileRefusedError, match="2 characters too long"):
        profiles.edit_profile(alice, about="a" * 502, shows_likes=False)
    assert profile_page(alice, "alice").about == "é" * 500


@pytest.mark.parametrize("service", [profiles.choose_banner, profiles.add_to_spotlight])
def test_only_ones_own_public_pictures_are_shown(alice, bob, grid, service):
    with pytest.raises(ImageNotFoundError):
        service(bob, grid[0].pk)
    Image.objects.filter(pk=grid[0].pk).update(visibility="private")
    Image.objects.filter(pk=grid[1].pk).update(withheld_at=timezone.now())
    Image.objects.filter(pk=grid[2].pk).update(trashed_at=timezone.now())
    for image_id in (*(image.pk for image in grid[:3]), uuid4()):
        with pytest.raises(ImageNotFoundError):
            service(alice, image_id)


def test_the_spotlight_keeps_its_order(alice, bob, grid):
    for image in grid:
        profiles.add_to_spotlight(alice, image.pk)
    assert shown(bob, alice) == [1, 2, 3, 4]
    profiles.move_in_spotlight(alice, grid[3].pk, by=-1)
    profiles.move_in_spotlight(alice, grid[0].pk, by=-1)
    assert shown(bob, alice) == [1, 2, 4, 3]
    profiles.arrange_spotlight(alice, [image.pk for image in (grid[2], grid[0], grid[2], grid[1])])
    assert shown(bob, alice) == [3, 1, 2]
    profiles.add_to_spotlight(alice, grid[0].pk)
    assert shown(bob, alice) == [3, 1, 2]
    profiles.take_from_spotlight(alice, grid[0].pk)
    assert shown(bob, alice) == [3, 2]
    with pytest.raises(ImageNotFoundError):
        profiles.move_in_spotlight(alice, grid[0].pk, by=1)


def test_it_shows_only_what_is_public_now(alice, bob, grid):
    profiles.arrange_spotlight(alice, [image.pk for image in grid])
    profiles.choose_banner(alice, grid[1].pk)
    Image.objects.filter(pk=grid[1].pk).update(visibility="private")
    Image.objects.filter(pk=grid[2].pk).update(withheld_at=timezone.now())
    assert (shown(bob, alice), shown(alice, alice)) == ([1, 4], [1, 4])
    assert profile_page(bob, "alice").banner is None
    profiles.move_in_spotlight(alice, grid[3].pk, by=-1)
    assert shown(bob, alice) == [4, 1]


def test_there_is_room_for_twelve(alice, checkpoint):
    for _ in range(4):
        finished_job(alice)
    ids = list(Image.objects.order_by("pk").values_list("pk", flat=True))
    profiles.arrange_spotlight(alice, ids[:MAX_SPOTLIGHT])
    with pytest.raises(ProfileRefusedError, match="room for 12"):
        profiles.add_to_spotlight(alice, ids[MAX_SPOTLIGHT])
    assert SpotlightItem.objects.count() == MAX_SPOTLIGHT


# --- pages


def test_the_page_has_its_numbers_tabs_and_pictures(client, alice, bob, grid):
    profiles.edit_profile(alice, about="I paint <b>\nlighthouses.", shows_likes=True)
    profiles.arrange_spotlight(alice, [grid[2].pk])
    profiles.choose_banner(alice, grid[0].pk)
    like_picture(alice, grid[3].pk)
    page = client.get(reverse("people", args=["Alice"]))
    assert "I paint &lt;b&gt;<br>lighthouses." in page.text
    assert page.text.count("<article") == 4
    assert "The banner of alice" in page.text
    for name, image in (("people-spotlight", grid[2]), ("people-likes", grid[3])):
        page = client.get(reverse(name, args=["alice"]))
        assert page.text.count("<article") == 1
        assert f"image-{image.pk}" in page.text


def test_likes_are_ones_own_business_unless_one_says_so(client, alice, bob, grid):
    like_picture(bob, grid[0].pk)
    address = reverse("people-likes", args=["bob"])
    page = client.get(address)
    assert "keeps their likes to themselves" in page.text
    assert f"image-{grid[0].pk}" not in page.text
    client.force_login(bob)
    assert f"image-{grid[0].pk}" in client.get(address).text


def test_a_page_costs_the_same_with_many_pictures(client, alice, bob, grid):
    profiles.choose_banner(alice, grid[0].pk)
    client.force_login(bob)

    def asked() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as queries:
            page = client.get(reverse("people", args=["alice"]))
        return page.text.count("<article"), len(queries)

    asked()
    few, cost = asked()
    for _ in range(3):
        finished_job(alice)
    publish_missed()
    assert (few, asked()) == (4, (16, cost))


def test_the_form_keeps_what_was_typed_and_says_what_is_wrong(client, alice):
    client.force_login(alice)
    answer = client.post(reverse("profile-edit"), {"about": "x" * 501, "shows_likes": "on"})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "x" * 501 in answer.text
    assert "1 character too long." in answer.text
    answer = client.post(reverse("profile-edit"), {"about": "short"}, follow=True)
    assert "short" in answer.text
    assert answer.request["PATH_INFO"] == reverse("people", args=["alice"])


def test_buttons_put_pictures_on_top_and_in_order(client, alice, grid, django_assert_max_num_queries):
    client.force_login(alice)
    for image in grid[:3]:
        answer = client.post(reverse("spotlight-add"), {"image": image.pk}, headers=HTMX)
    assert "3 of 12 pictures" in answer.text
    client.post(reverse("spotlight-move"), {"image": grid[2].pk, "way": "earlier"}, headers=HTMX)
    client.post(reverse("spotlight-move"), {"image": grid[0].pk, "way": "later"}, headers=HTMX)
    assert shown(alice, alice) == [3, 1, 2]
    client.post(reverse("spotlight-arrange"), {"image": [grid[0].pk, grid[2].pk]}, headers=HTMX)
    assert shown(alice, alice) == [1, 3]
    client.post(reverse("spotlight-take"), {"image": grid[0].pk})
    answer = client.post(reverse("profile-banner"), {"image": grid[3].pk}, headers=HTMX)
    assert "No banner" in answer.text
    assert shown(alice, alice) == [3]
    with django_assert_max_num_queries(16):
        client.get(reverse("profile-edit"))


@pytest.mark.parametrize("name", ["spotlight-add", "spotlight-take", "spotlight-move", "spotlight-arrange"])
def test_what_is_no_picture_is_refused(client, alice, name):
    client.force_login(alice)
    answer = client.post(reverse(name), {"image": "nonsense"}, headers={"Accept": "application/json"})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
