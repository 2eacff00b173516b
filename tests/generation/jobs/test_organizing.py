"""Like, trash, restore, hide, publish and collect, for many pictures at once."""

from __future__ import annotations

import uuid

import pytest
from django.contrib.auth.models import AnonymousUser

from gallery.models import Publication
from gallery.selectors import explore_feed
from gallery.services.publishing import publish_missed
from generation.errors import CollectionNotFoundError, ImageNotFoundError
from generation.jobs import collecting, organizing
from generation.jobs.access import visible_image
from generation.jobs.finding import found_images
from generation.jobs.searching import read_search
from generation.jobs.selectors import history
from generation.jobs.storage_used import storage_used
from generation.models import CollectionItem, Image, Like, Visibility
from mjweb.common.errors import InvalidInputError
from tests.factories import finished_job

DEEDS = {
    "like": organizing.like_images,
    "trash": organizing.trash_images,
    "restore": organizing.restore_images,
    "hide": organizing.hide_images,
    "publish": lambda owner, ids: organizing.set_visibility(owner, ids, Visibility.PUBLIC),
    "unpublish": lambda owner, ids: organizing.set_visibility(owner, ids, Visibility.PRIVATE),
}


@pytest.fixture
def grid(alice, checkpoint):
    return list(finished_job(alice).images.order_by("index"))


def ids(images) -> list:
    return [image.pk for image in images]


def shown() -> set:
    return {row.image_id for row in explore_feed(AnonymousUser()).rows}


@pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS)
def test_one_picture_of_somebody_else_refuses_all_of_them(alice, bob, grid, deed):
    theirs = finished_job(bob, "a boat --stealth").images.get(index=1)
    for stranger in (theirs.pk, uuid.uuid4()):
        with pytest.raises(ImageNotFoundError):
            deed(alice, [*ids(grid), stranger])
    assert Like.objects.count() == 0
    assert {(image.trashed_at, image.is_hidden, image.visibility) for image in Image.everything.all()} == {
        (None, False, "public"), (None, False, "private"),
    }  # fmt: skip


@pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS)
def test_none_and_too_many_are_refused(alice, deed):
    for wrong in ([], [uuid.uuid4()] * 1001):
        with pytest.raises(InvalidInputError):
            deed(alice, wrong)


def test_likes_count_once_and_go_again(alice, grid):
    assert len(organizing.like_images(alice, ids(grid[:2]))) == 2
    assert len(organizing.like_images(alice, ids(grid))) == 2
    assert Like.objects.filter(person=alice).count() == 4
    assert len(organizing.like_images(alice, ids(grid), liked=False)) == 4
    assert len(organizing.like_images(alice, ids(grid), liked=False)) == 0


def test_what_others_show_can_be_liked_and_nothing_else(alice, bob, grid):
    assert len(organizing.like_images(bob, ids(grid))) == 4
    organizing.set_visibility(alice, ids(grid), Visibility.PRIVATE)
    with pytest.raises(ImageNotFoundError):
        organizing.like_images(bob, ids(grid), liked=False)
    with pytest.raises(ImageNotFoundError):
        organizing.trash_images(bob, ids(grid))


def test_the_trash_takes_a_picture_from_every_list_and_gives_it_back_as_it_was(alice, grid):
    publish_missed()
    collection = collecting.create_collection(alice, "Coast")
    organizing.collect_images(alice, collection.pk, ids(grid))
    organizing.like_images(alice, ids(grid))
    before = {row.pk: row.published_at for row in Publication.objects.all()}
    assert len(organizing.trash_images(alice, ids(grid[:2]))) == 2
    assert len(organizing.trash_images(alice, ids(grid[:2]))) == 0
    assert shown() == {grid[2].pk, grid[3].pk}
    assert list(grid[0].job.images.order_by("index")) == grid[2:]
    assert collecting.folders_of(alice)[0].pictures == 2
    with pytest.raises(ImageNotFoundError):
        visible_image(alice, grid[0].pk)
    assert publish_missed() == 0
    assert len(organizing.restore_images(alice, ids(grid))) == 2
    assert shown() == set(ids(grid))
    assert {row.pk: row.published_at for row in Publication.objects.all()} == before
    assert collecting.folders_of(alice)[0].pictures == 4
    assert Like.objects.count() == 4


def test_a_card_goes_when_its_last_picture_does(alice, grid):
    organizing.trash_images(alice, ids(grid[:3]))
    assert [list(job.images.all()) for job in history(alice)] == [grid[3:]]
    organizing.trash_images(alice, ids(grid[3:]))
    assert not history(alice).exists()
    organizing.restore_images(alice, ids(grid[:1]))
    assert history(alice).count() == 1


def test_hidden_pictures_stay_public(alice, grid):
    publish_missed()
    assert len(organizing.hide_images(alice, ids(grid))) == 4
    assert len(organizing.hide_images(alice, ids(grid))) == 0
    assert shown() == set(ids(grid))
    assert len(organizing.hide_images(alice, ids(grid[:1]), hidden=False)) == 1


def test_the_gallery_hears_of_many_at_once(alice, grid, django_capture_on_commit_callbacks):
    publish_missed()
    with django_capture_on_commit_callbacks(execute=True):
        assert len(organizing.set_visibility(alice, ids(grid), Visibility.PRIVATE)) == 4
    assert Publication.objects.listed_for(alice).count() == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert len(organizing.set_visibility(alice, ids(grid[:3]), Visibility.PUBLIC)) == 3
    assert shown() == set(ids(grid[:3]))
    with django_capture_on_commit_callbacks(execute=True) as told:
        assert len(organizing.set_visibility(alice, ids(grid[:3]), Visibility.PUBLIC)) == 0
    assert told == []


def test_one_event_tells_of_what_changed(alice, grid, monkeypatch, django_capture_on_commit_callbacks):
    heard = []
    monkeypatch.setattr(organizing, "publish", lambda event, owner_id: heard.append((event, owner_id)))
    with django_capture_on_commit_callbacks(execute=True):
        organizing.trash_images(alice, ids(grid))
        organizing.trash_images(alice, ids(grid))
    [(event, owner_id)] = heard
    assert (event.change, owner_id) == ("trashed", alice.pk)
    assert event.image_ids == tuple(map(str, sorted(ids(grid))))
    assert event.job_ids == (str(grid[0].job_id),)


def test_pictures_are_collected_once_and_taken_out(alice, grid):
    coast, boats = (collecting.create_collection(alice, name) for name in ("Coast", "Boats"))
    assert len(organizing.collect_images(alice, coast.pk, ids(grid[:2]))) == 2
    assert len(organizing.collect_images(alice, coast.pk, ids(grid))) == 2
    assert len(organizing.collect_images(alice, boats.pk, ids(grid))) == 4
    assert organizing.collect_images(alice, coast.pk, ids(grid[:1]), collected=False) == ids(grid[:1])
    assert CollectionItem.objects.filter(collection=coast).count() == 3
    assert CollectionItem.objects.filter(collection=boats).count() == 4


def test_a_collection_of_somebody_else_does_not_exist(alice, bob, grid):
    theirs = collecting.create_collection(bob, "Coast")
    for collected in (True, False):
        with pytest.raises(CollectionNotFoundError):
            organizing.collect_images(alice, theirs.pk, ids(grid), collected=collected)
    mine = collecting.create_collection(alice, "Coast")
    other = finished_job(bob, "a boat --stealth").images.get(index=1)
    with pytest.raises(ImageNotFoundError):
        organizing.collect_images(alice, mine.pk, [*ids(grid), other.pk])
    assert CollectionItem.objects.count() == 0


def test_what_others_show_is_collected_and_found_by_what_is_seen_alone(alice, bob, grid):
    mine = collecting.create_collection(alice, "Coast")
    shown = finished_job(bob, "a heliotrope lantern --ar 3:2").images.get(index=1)
    assert organizing.collect_images(alice, mine.pk, [shown.pk, grid[0].pk]) == [shown.pk, grid[0].pk]
    found = {
        text: set(ids(found_images(alice, read_search(text))))
        for text in (
            "in:Coast",
            "in:Coast ar:3:2",
            "in:Coast heliotrope",
            "heliotrope",
            "-in:Coast",
            "is:collected",
        )
    }
    assert found["in:Coast"] == {shown.pk, grid[0].pk}
    assert found["in:Coast ar:3:2"] == {shown.pk}
    assert found["in:Coast heliotrope"] == found["heliotrope"] == set()
    assert shown.pk not in found["-in:Coast"] | found["is:collected"]
    (folder,) = collecting.folders_of(alice)
    assert folder.pictures == 2
    organizing.set_visibility(bob, [shown.pk], Visibility.PRIVATE)
    assert set(ids(found_images(alice, read_search("in:Coast")))) == {grid[0].pk}
    (folder,) = collecting.folders_of(alice)
    assert (folder.pictures, folder.cover) == (1, grid[0].pk)
    assert organizing.collect_images(alice, mine.pk, [shown.pk], collected=False) == [shown.pk]


def test_the_number_of_queries_does_not_grow_with_the_pictures(alice, checkpoint, django_assert_max_num_queries):
    few, many = finished_job(alice), [finished_job(alice) for _ in range(3)]
    collection = collecting.create_collection(alice, "Coast")
    for images in (ids(few.images.all()), [pk for job in many for pk in ids(job.images.all())]):
        with django_assert_max_num_queries(23):
            organizing.like_images(alice, images)
            organizing.collect_images(alice, collection.pk, images)
            organizing.trash_images(alice, images)
            organizing.restore_images(alice, images)


def test_it_says_what_is_kept(alice, bob, grid):
    finished_job(bob)
    assert storage_used(alice).first_goes_at is None
    organizing.trash_images(alice, ids(grid[:1]))
    used = storage_used(alice)
    assert (used.pictures, used.trashed) == (3, 1)
    assert used.size_bytes == sum(image.size_bytes for image in grid[1:])
    assert used.trashed_bytes == grid[0].size_bytes
    assert used.first_goes_at is not None
