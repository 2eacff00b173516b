"""Publishing, and the sweep behind the signal."""

import pytest

from gallery.models import Publication
from gallery.selectors import explore_feed
from gallery.services.publishing import publish_image, publish_missed, unpublish_image
from generation.errors import ImageNotFoundError
from generation.jobs.selectors import image_history
from mjweb.common.pagination import keyset_page
from tests.factories import finish, finished_job, queued_job


def test_finished_public_pictures_appear_in_the_gallery(alice, checkpoint, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        finish(queued_job(alice))
    assert Publication.objects.listed_for(alice).count() == 4


def test_a_grid_reads_from_its_first_picture_in_every_feed(alice, checkpoint, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        finish(queued_job(alice))
    shown = [publication.image for publication in explore_feed(alice).rows]
    assert [image.index for image in shown] == [1, 2, 3, 4]
    assert keyset_page(image_history(alice), cursor=None, size=9).rows == shown


def test_private_pictures_do_not(alice, checkpoint, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        finish(queued_job(alice, "a boat --stealth"))
    assert not Publication.objects.exists()


def test_the_sweep_finds_what_the_signal_missed_and_may_run_twice(alice, checkpoint):
    finished_job(alice)
    finished_job(alice, "a boat --stealth")
    assert publish_missed() == 4
    assert publish_missed() == 0
    assert Publication.objects.count() == 4


def test_unpublishing_takes_the_picture_from_everybody_else(alice, bob, checkpoint):
    image = finished_job(alice).images.get(index=1)
    publish_image(alice, image.pk)
    unpublish_image(alice, image.pk)
    assert not Publication.objects.listed_for(bob).filter(image=image).exists()
    assert not type(image).objects.visible_to(bob).filter(pk=image.pk).exists()
    assert type(image).objects.visible_to(alice).filter(pk=image.pk).exists()


def test_publishing_twice_makes_one_publication(alice, checkpoint):
    image = finished_job(alice, "a boat --stealth").images.get(index=1)
    assert publish_image(alice, image.pk) == publish_image(alice, image.pk)


def test_nobody_publishes_the_picture_of_somebody_else(alice, bob, checkpoint):
    image = finished_job(alice, "a boat --stealth").images.get(index=1)
    with pytest.raises(ImageNotFoundError):
        publish_image(bob, image.pk)


def test_the_owners_open_pages_are_told_once_of_what_changed(
    alice, checkpoint, django_capture_on_commit_callbacks, monkeypatch
):
    told = []
    monkeypatch.setattr("generation.receivers.publish", lambda event, owner_id: told.append((event, owner_id)))
    image = finished_job(alice).images.get(index=1)
    for act in (unpublish_image, unpublish_image, publish_image):
        with django_capture_on_commit_callbacks(execute=True):
            act(alice, image.pk)
    assert [(event.change, owner) for event, owner in told] == [("private", alice.pk), ("published", alice.pk)]
    assert told[0][0].job_ids == (str(image.job_id),)
