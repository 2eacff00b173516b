"""Showing pictures, and taking them back."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from uuid import UUID

from django.db import transaction

from gallery.models import Publication
from generation.errors import ImageNotFoundError
from generation.models import Image, Visibility
from generation.signals import visibility_changed
from mjweb.accounts.models import User


@transaction.atomic
def publish_image(owner: User, image_id: UUID) -> Publication:
    """Publish: everybody may see the picture from now on. Repeating it changes nothing.

    Raises:
        ImageNotFoundError: it is not this person's own picture.
    """
    image = _own_image(owner, image_id)
    _set_visibility(image, Visibility.PUBLIC)
    publication, _ = Publication.objects.get_or_create(image=image, defaults={"author": owner})
    return publication


@transaction.atomic
def unpublish_image(owner: User, image_id: UUID) -> Image:
    """Make private: the picture, its files included, is for its owner alone from now on.

    Raises:
        ImageNotFoundError: it is not this person's own picture.
    """
    image = _own_image(owner, image_id)
    _set_visibility(image, Visibility.PRIVATE)
    Publication.objects.filter(image=image).delete()
    return image


def publish_finished(images: Iterable[Image]) -> None:
    """Publishes those of some finished pictures whose owners asked for public ones, in one query. Safe to repeat."""
    shown = [image for image in images if image.visibility == Visibility.PUBLIC]
    publications = [Publication(image=image, author_id=image.owner_id) for image in shown]
    Publication.objects.bulk_create(publications, ignore_conflicts=True)


@transaction.atomic
def follow_visibility(images: Iterable[Image]) -> None:
    """Brings publications into step with what the pictures' owners said of many at once. Safe to repeat."""
    images = list(images)
    publish_finished(images)
    private = [image.pk for image in images if image.visibility == Visibility.PRIVATE]
    Publication.objects.filter(image__in=private).delete()


def publish_missed(*, limit: int = 500) -> int:
    """Publishes public pictures whose signal was lost, oldest first. Returns how many there were."""
    missed = Image.objects.filter(visibility=Visibility.PUBLIC, publication=None).order_by("created_at")[:limit]
    publish_finished(missed)
    return len(missed)


def _own_image(owner: User, image_id: UUID) -> Image:
    image = Image.objects.owned_by(owner).select_for_update().filter(pk=image_id).first()
    if image is None:
        msg = "There is no such picture of yours."
        raise ImageNotFoundError(msg)
    return image


def _set_visibility(image: Image, visibility: Visibility) -> None:
    if image.visibility == visibility:
        return
    image.visibility = visibility
    image.save(update_fields=["visibility"])
    transaction.on_commit(partial(visibility_changed.send_robust, sender=Publication, images=[image]))
