"""Hearts, and who hears of them."""

from __future__ import annotations

import pytest

from gallery.models import Block, Publication
from gallery.services.liking import like_picture
from gallery.services.publishing import publish_missed, unlist_image
from gallery.signals import liked
from generation.errors import ImageNotFoundError
from generation.jobs.organizing import like_images
from generation.models import Image, Like
from tests.factories import finished_job


@pytest.fixture
def image(alice, checkpoint) -> Image:
    made = finished_job(alice).images.order_by("index")[0]
    publish_missed()
    return made


@pytest.fixture
def heard():
    """What the signal told, as image and person."""
    told = []

    def hear(sender, *, publication, person, **kwargs):
        told.append((publication.image_id, person))

    liked.connect(hear)
    yield told
    liked.disconnect(hear)


def test_a_like_is_told_once_whichever_door_it_came_through(
    alice, bob, image, heard, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        assert like_picture(bob, image.pk).likes_count == 1
        assert like_picture(bob, image.pk).is_liked
        like_images(alice, [image.pk])
    assert heard == [(image.pk, bob), (image.pk, alice)]


def test_liking_no_longer_is_told_to_nobody(bob, image, heard, django_capture_on_commit_callbacks):
    Like.objects.create(person=bob, image=image)
    with django_capture_on_commit_callbacks(execute=True):
        shown = like_picture(bob, image.pk, is_liked=False)
    assert (shown.likes_count, shown.is_liked, heard) == (0, False, [])


def test_what_only_its_address_shows_can_be_liked_and_is_not_told(
    alice, bob, image, heard, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        unlist_image(alice, image.pk)
        like_picture(bob, image.pk)
    assert heard == []
    assert Publication.objects.get(image=image).likes_count == 1


@pytest.mark.parametrize("is_author", [True, False])
def test_between_people_with_a_block_there_are_no_likes(alice, bob, image, is_author):
    one, other = (alice, bob) if is_author else (bob, alice)
    Block.objects.create(person=one, blocked=other)
    with pytest.raises(ImageNotFoundError):
        like_picture(bob, image.pk)
    assert not Like.objects.exists()
