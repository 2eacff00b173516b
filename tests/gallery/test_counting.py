"""What the database keeps true of a publication, whichever way its picture, its likes or its people go."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from gallery.models import Publication
from gallery.models.publication import HOT_TAU_S
from gallery.services.publishing import publish_image, publish_missed, unpublish_image
from generation.jobs.organizing import like_images, restore_images, trash_images
from generation.models import Image, Level, Like, Visibility
from mjweb.accounts.models import User
from tests.factories import finished_job

BEGINNING = datetime(2005, 12, 8, 7, 46, 43, tzinfo=UTC)


@pytest.fixture
def images(alice, checkpoint) -> list[Image]:
    """Four of Alice's that are shown."""
    made = list(finished_job(alice, "a boat --style watercolor --ar 3:2").images.order_by("index"))
    publish_missed()
    return made


def of(image: Image) -> Publication:
    return Publication.objects.get(image=image)


def test_a_new_publication_is_listed_and_knows_its_style(images):
    shown = of(images[0])
    assert (shown.is_listed, shown.level, shown.likes_count, shown.recency) == (True, 0, 0, 3)
    assert shown.style == "watercolor"
    assert 0 <= shown.random_key < 1


@pytest.mark.parametrize(
    ("prompt", "style"),
    [("a boat", ""), ("a boat --STYLE Watercolor", "watercolor"), ("a boat --style watercolor --ar 1:1", "watercolor")],
)
def test_the_style_is_read_as_organize_finds_it(alice, checkpoint, prompt, style):
    finished_job(alice, prompt)
    publish_missed()
    assert {row.style for row in Publication.objects.all()} == {style}


def test_what_is_made_private_or_unlisted_is_listed_no_longer_and_comes_back(alice, images):
    unpublish_image(alice, images[0].pk)
    assert not Publication.objects.filter(image=images[0], is_listed=True).exists()
    publish_image(alice, images[0].pk)
    assert of(images[0]).is_listed
    Image.objects.filter(pk=images[0].pk).update(visibility=Visibility.UNLISTED)
    assert not of(images[0]).is_listed


def test_the_trash_takes_it_out_and_gives_it_back(alice, images):
    trash_images(alice, [image.pk for image in images])
    assert not Publication.objects.filter(is_listed=True).exists()
    restore_images(alice, [images[1].pk])
    assert [row.image_id for row in Publication.objects.filter(is_listed=True)] == [images[1].pk]


def test_what_moderators_withhold_is_listed_no_longer(images):
    Image.objects.filter(pk=images[0].pk).update(withheld_at=timezone.now(), level=Level.EXPLICIT)
    assert (of(images[0]).is_listed, of(images[0]).level) == (False, 2)
    Image.objects.filter(pk=images[0].pk).update(withheld_at=None)
    assert of(images[0]).is_listed


def test_a_picture_that_is_private_is_not_listed_by_publishing_its_row(alice, checkpoint):
    image = finished_job(alice, "a boat --stealth").images.first()
    publication = Publication.objects.create(image=image, author=alice, is_listed=True)
    assert not of(image).is_listed
    assert not publication.is_listed


def test_likes_are_counted_as_they_come_and_go(alice, bob, images):
    ids = [image.pk for image in images[:3]]
    like_images(alice, ids)
    like_images(bob, ids[:2])
    like_images(bob, ids[:2])
    assert [of(image).likes_count for image in images] == [2, 2, 1, 0]
    like_images(alice, ids[:1], liked=False)
    assert [of(image).likes_count for image in images] == [1, 2, 1, 0]


def test_the_likes_of_somebody_who_leaves_go_with_them(bob, images):
    like_images(bob, [image.pk for image in images])
    bob.delete()
    assert [of(image).likes_count for image in images] == [0, 0, 0, 0]


def test_the_likes_before_it_was_shown_count_too(alice, checkpoint):
    image = finished_job(alice, "a boat --stealth").images.first()
    like_images(alice, [image.pk])
    publish_image(alice, image.pk)
    assert of(image).likes_count == 1


def test_a_picture_is_deleted_with_its_likes(alice, bob, images):
    like_images(bob, [image.pk for image in images])
    images[0].delete()
    assert Publication.objects.count() == 3
    assert Like.objects.count() == 3


def test_ten_times_the_likes_weigh_as_much_as_tau(images):
    people = [User.objects.create_user(f"fan{letter}") for letter in "bcdefghij"]
    Publication.objects.filter(image=images[1]).update(
        published_at=of(images[0]).published_at + timedelta(seconds=HOT_TAU_S)
    )
    for person in people:
        like_images(person, [images[0].pk])
    assert of(images[0]).hot_rank == pytest.approx(of(images[1]).hot_rank, abs=1e-6)
    age_s = (of(images[2]).published_at - BEGINNING).total_seconds()
    assert of(images[2]).hot_rank == pytest.approx(age_s / HOT_TAU_S, abs=1e-6)


def test_saving_a_row_that_was_read_before_a_like_does_not_unlike_it(bob, images):
    before = of(images[0])
    like_images(bob, [images[0].pk])
    before.save(update_fields=["published_at"])
    assert of(images[0]).likes_count == 1
