"""What others made of a picture: who hears of it, and what its page says."""

from __future__ import annotations

import pytest
from django.urls import reverse

from gallery import signals
from gallery.selectors import image_page
from gallery.services.publishing import publish_missed
from generation.jobs import services
from generation.models import Image
from tests.factories import finish, finished_job, queued_job


@pytest.fixture
def image(alice, checkpoint) -> Image:
    image = finished_job(alice, "a boat").images.get(index=1)
    publish_missed()
    return image


@pytest.fixture
def heard():
    told = []

    def listen(sender, image, source, **values):
        told.append((image.owner.username, image.index, source))

    signals.remixed.connect(listen)
    yield told
    signals.remixed.disconnect(listen)


def test_its_author_hears_once_of_each_job_that_others_show(
    alice, bob, image, heard, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        finish(queued_job(bob, "a ship", remix_of=image.pk))
        finish(services.vary_image(bob, image.pk))
    assert heard == [("bob", 1, image), ("bob", 1, image)]


def test_nobody_hears_of_what_is_private_or_their_own(alice, bob, image, heard, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        finish(queued_job(bob, "a ship --stealth", remix_of=image.pk))
        finish(queued_job(alice, "a ship", remix_of=image.pk))
        finish(queued_job(bob, "a ship"))
    assert heard == []


def test_the_page_gives_credit_and_counts_what_one_may_see(client, alice, bob, image):
    remix = finish(queued_job(bob, "a ship", remix_of=image.pk)).images.get(index=1)
    finish(queued_job(bob, "a ship --stealth", remix_of=image.pk))
    finish(services.vary_image(alice, image.pk))
    publish_missed()
    assert (image_page(alice, image.pk).made, image_page(bob, image.pk).made) == (2, 3)
    assert image_page(alice, remix.pk).source == image
    assert image_page(alice, image.pk).source is None
    text = client.get(reverse("image", args=[remix.pk])).text
    assert "alice’s picture" in text  # noqa: RUF001 - as it is printed
    assert "2 made from it" in client.get(reverse("image", args=[image.pk])).text


def test_of_a_line_of_ones_own_nobody_else_gets_the_credit(alice, bob, image):
    remix = finish(queued_job(bob, "a ship", remix_of=image.pk)).images.get(index=1)
    again = finish(services.upscale_image(bob, remix.pk)).images.get()
    assert image_page(bob, again.pk).source is None
    assert image_page(bob, remix.pk).source == image
