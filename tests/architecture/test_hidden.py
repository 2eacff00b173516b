"""What is not for somebody stands on none of their pages, feeds and answers, however it was spread before."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gallery.models import Comment, Follow, Profile, SpotlightItem
from generation.jobs.collecting import create_collection
from generation.jobs.organizing import collect_images, like_images
from generation.jobs.services import submit_prompt
from generation.models import Image
from tests.architecture.routes import ROUTES, address_of
from tests.factories import finish

pytestmark = pytest.mark.django_db

HIDDEN: dict[str, dict[str, Any]] = {
    "withheld": {"withheld_at": timezone.now()},
    "private": {"visibility": "private"},
    "trashed": {"trashed_at": timezone.now()},
}
ALL_LISTS = (
    "/?feed=hot", "/?feed=top", "/?feed=random", "/?feed=following", "/?feed=likes", "/search/?q=lighthouse",
    "/search/?q=by:alice", "/my/images/?q=is:liked", "/my/images/?q=is:collected", '/my/images/?q=in:"Theirs"',
    "/my/images/?q=lighthouse", "/api/v1/search?q=lighthouse", "/api/v1/images?q=is:liked", "/people/bob/likes/",
    '/api/v1/images?q=in:"Theirs"', "/api/v1/publications?feed=likes", "/api/v1/publications?feed=hot",
)  # fmt: skip


@pytest.fixture
def spread(things, alice, bob, django_capture_on_commit_callbacks) -> Image:
    """Alice's picture, which Bob likes, collects, talks about, remixed and follows, and which heads her page."""
    image = Image.objects.get(pk=things["image_id"])
    with django_capture_on_commit_callbacks(execute=True):
        like_images(bob, [image.pk])
        collect_images(bob, create_collection(bob, "Theirs").pk, [image.pk])
        Comment.objects.create(publication=image.publication, author=bob, text="Lovely")
        Follow.objects.create(follower=bob, followed=alice)
        Profile.objects.update_or_create(person=alice, defaults={"banner": image})
        Profile.objects.update_or_create(person=bob, defaults={"shows_likes": True})
        SpotlightItem.objects.create(person=alice, image=image, position=0)
        finish(submit_prompt(bob, "a lighthouse at night", remix_of=image.pk))
    return image


OWN = {"export-download", "api-jobs"}
"""One's own records name what one used: whoever reads them knows it already."""


def pages(things: dict[str, Any]) -> list[str]:
    """Every address that names nothing of the picture itself, and every list with what it is asked for."""
    named = {"image_id", "comment_id", "job_id", "group_id", "key", "decision_id", "notification_id", "side_px"}
    names = [name for name, route in ROUTES.items() if not (route.parameters & named) and name not in OWN]
    return [*(address_of(name, things) for name in names), *ALL_LISTS]


def tells(client: Client, address: str, image: Image) -> bool:
    """Whether its id or its file stands in the answer."""
    answer = client.get(address)
    text = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer.status_code < 400 and any(str(one).encode() in text for one in (image.pk, image.sha256))


def test_the_lists_show_it_as_long_as_it_is_public(client, bob, things, spread):
    client.force_login(bob)
    shown = [address for address in pages(things) if tells(client, address, spread)]
    assert {"/", "/people/alice/", "/people/alice/spotlight/", "/feeds/new.atom", *ALL_LISTS[:3]} <= set(shown)
    assert len(shown) > 15


@pytest.mark.parametrize("state", HIDDEN)
def test_nothing_tells_of_it_afterwards(client, bob, things, spread, state):
    Image.objects.filter(pk=spread.pk).update(**HIDDEN[state])
    for who in (None, bob) if state == "withheld" else (bob,):
        if who:
            client.force_login(who)
        assert [address for address in pages(things) if tells(client, address, spread)] == []
    remix = Image.objects.filter(owner=bob).first()
    assert str(spread.pk) not in client.get(reverse("image", args=[remix.pk])).text
    zipped = client.post(reverse("images-zip"), {"images": str(spread.pk)})
    assert zipped.status_code == 404


@pytest.mark.parametrize("change", [{"visibility": "unlisted"}, {"level": 2}], ids=["unlisted", "explicit"])
def test_no_list_shows_what_is_for_its_address_alone(client, bob, things, spread, change):
    Image.objects.filter(pk=spread.pk).update(**change)
    client.force_login(bob)
    kept = {"/my/images/", "/api/v1/images"}  # what one likes or collects oneself may be found again
    lists = [one for one in pages(things) if one.split("?")[0] not in kept]
    assert [address for address in lists if tells(client, address, spread)] == []
