"""The heart on a picture. Who counts the hearts is the database, in the transaction of the like."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from gallery.models import Publication
from gallery.signals import liked
from generation.errors import ImageNotFoundError
from generation.jobs.organizing import like_images
from generation.models import Image, Like
from mjweb.accounts.models import User


@transaction.atomic
def like_picture(person: User, image_id: UUID, *, is_liked: bool = True) -> Publication:
    """Like, or like no longer; answers with the publication as it is then. Repeating it changes nothing.

    Effects: after commit `gallery.signals.liked`, where it was not liked before and all may see it.

    Raises:
        ImageNotFoundError: there is none, or not for this person. SuspendedError.
    """
    like_images(person, [image_id], liked=is_liked)
    return liked_picture(person, image_id)


def liked_picture(person: User, image_id: UUID) -> Publication:
    """A picture's publication with its likes, and whether this person is among them.

    One that was never shown has none: its owner gets one that is not stored.

    Raises:
        ImageNotFoundError: there is none, or not for this person.
    """
    image = Image.objects.visible_to(person).select_related("job", "owner").filter(pk=image_id).first()
    if image is None:
        raise ImageNotFoundError(_("There is no such picture, or its owner keeps it private."))
    shown = Publication.objects.with_cards(person).filter(image=image).first()
    if shown is None:
        shown = Publication(image=image, author=image.owner, likes_count=image.likes.count(), level=image.level)
        shown.is_liked = image.likes.filter(person=person).exists()  # type: ignore[attr-defined] # as `with_cards`
    return shown


def tell_of_likes(person: User, images: Sequence[Image]) -> None:
    """Sends `liked`, once for each of these pictures that all may see."""
    shown = Publication.objects.filter(image__in=images, is_listed=True).select_related("author", "image")
    for publication in shown:
        liked.send_robust(sender=Like, publication=publication, person=person)
