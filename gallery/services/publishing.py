"""Showing pictures, and taking them back."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from uuid import UUID

from django.db import transaction

from gallery.models import Publication
from gallery.search import write_words
from gallery.selectors.discretion import begun_in_silence
from generation.errors import ImageNotFoundError
from generation.models import Image, Visibility
from generation.signals import visibility_changed
from mjweb.accounts.models import User
from mjweb.accounts.suspension import refuse_suspended
from mjweb.common.saying import say


@transaction.atomic
def publish_image(owner: User, image_id: UUID) -> Publication:
    """Publish: everybody may see the picture from now on. Repeating it changes nothing.

    Raises:
        ImageNotFoundError: it is not this person's own picture.
    """
    refuse_suspended(owner)
    image = _own_image(owner, image_id)
    _set_visibility(image, Visibility.PUBLIC)
    publish_finished([image])
    return Publication.objects.get(image=image)


@transaction.atomic
def unlist_image(owner: User, image_id: UUID) -> Image:
    """Unlist: whoever has its address may see the picture, and it stands in no list.

    What was said below it is kept, and is there again when it is published.

    Raises:
        ImageNotFoundError: it is not this person's own picture.
    """
    refuse_suspended(owner)
    image = _own_image(owner, image_id)
    _set_visibility(image, Visibility.UNLISTED)
    return image


@transaction.atomic
def unpublish_image(owner: User, image_id: UUID) -> Image:
    """Make private: the picture, its files included, is for its owner alone from now on.

    Its publication rests unseen: what was said below it is there again when it is published.

    Raises:
        ImageNotFoundError: it is not this person's own picture.
    """
    image = _own_image(owner, image_id)
    _set_visibility(image, Visibility.PRIVATE)
    return image


def publish_finished(images: Iterable[Image]) -> None:
    """Publishes those of some pictures whose owners want them public, in two queries. Safe to repeat.

    One that tells the words of a picture which its owner shows without them begins without them too.
    """
    shown = [image for image in images if image.visibility == Visibility.PUBLIC]
    silent = begun_in_silence(shown) if shown else set()
    new = [Publication(image=one, author_id=one.owner_id, shows_prompt=one.pk not in silent) for one in shown]
    Publication.objects.bulk_create(new, ignore_conflicts=True)
    write_words(shown)


def publish_missed(*, limit: int = 500) -> int:
    """Publishes public pictures whose signal was lost, oldest first. Returns how many there were."""
    missed = Image.objects.filter(visibility=Visibility.PUBLIC, publication=None).order_by("created_at")[:limit]
    publish_finished(missed)
    return len(missed)


def _own_image(owner: User, image_id: UUID) -> Image:
    image = Image.objects.owned_by(owner).select_for_update().filter(pk=image_id).first()
    if image is None:
        msg = say("There is no such picture of yours.")
        raise ImageNotFoundError(msg)
    return image


def _set_visibility(image: Image, visibility: Visibility) -> None:
    if image.visibility == visibility:
        return
    image.visibility = visibility
    image.save(update_fields=["visibility"])
    transaction.on_commit(partial(visibility_changed.send_robust, sender=Publication, images=[image]))
