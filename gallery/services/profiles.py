"""What people write and show on their page: one button, one service. Repeating any of them changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gallery.errors import ProfileRefusedError
from gallery.models import Profile, SpotlightItem
from gallery.models.profile import MAX_ABOUT_CHARS, MAX_SPOTLIGHT
from generation.errors import ImageNotFoundError
from generation.models import Image, Visibility
from generation.models.image import ImageQuerySet
from mjweb.accounts.models import User
from mjweb.accounts.suspension import refuse_suspended


def edit_profile(person: User, *, about: str, shows_likes: bool) -> Profile:
    """Keeps what the page says: plain text, up to 500 characters, lines kept; and whether it shows what one likes.

    Raises:
        ProfileRefusedError: the text is too long. SuspendedError.
    """
    refuse_suspended(person)
    told = about.replace("\r\n", "\n").strip()
    if len(told) > MAX_ABOUT_CHARS:
        over = len(told) - MAX_ABOUT_CHARS
        sentence = ngettext(
            "The text is %(over)d character too long.", "The text is %(over)d characters too long.", over
        )
        raise ProfileRefusedError(sentence % {"over": over}, parameter="about")
    profile, _is_new = Profile.objects.update_or_create(
        person=person, defaults={"about": told, "shows_likes": shows_likes}
    )
    return profile


def choose_banner(person: User, image_id: UUID | None) -> Profile:
    """Shows one of one's own public pictures across the top of the page; None shows none.

    Raises:
        ImageNotFoundError: it is not one of one's own public pictures.
    """
    banner = _shown_image(person, image_id) if image_id else None
    profile, _is_new = Profile.objects.update_or_create(person=person, defaults={"banner": banner})
    return profile


@transaction.atomic
def arrange_spotlight(person: User, ids: Sequence[UUID]) -> list[UUID]:
    """Puts exactly these pictures into the spotlight, in this order.

    Raises:
        ProfileRefusedError: they are more than twelve.
        ImageNotFoundError: one of them is not one of one's own public pictures.
    """
    wanted = list(dict.fromkeys(ids))
    if len(wanted) > MAX_SPOTLIGHT:
        sentence = _("The spotlight has room for %(most)d pictures. Take one out first.")
        raise ProfileRefusedError(sentence % {"most": MAX_SPOTLIGHT}, parameter="images")
    _lock(person)
    if _shown(person).filter(pk__in=wanted).count() != len(wanted):
        raise _no_such_image()
    SpotlightItem.objects.filter(person=person).delete()
    SpotlightItem.objects.bulk_create(
        SpotlightItem(person=person, image_id=image_id, position=at) for at, image_id in enumerate(wanted)
    )
    return wanted


@transaction.atomic
def add_to_spotlight(person: User, image_id: UUID) -> list[UUID]:
    """Puts a picture last into the spotlight.

    Raises:
        ProfileRefusedError, ImageNotFoundError: as `arrange_spotlight`.
    """
    _lock(person)
    return arrange_spotlight(person, [*_in_order(person), _shown_image(person, image_id).pk])


@transaction.atomic
def take_from_spotlight(person: User, image_id: UUID) -> list[UUID]:
    """Takes a picture out of the spotlight. It stays public."""
    _lock(person)
    return arrange_spotlight(person, [kept for kept in _in_order(person) if kept != image_id])


@transaction.atomic
def move_in_spotlight(person: User, image_id: UUID, *, by: int) -> list[UUID]:
    """Moves a picture of the spotlight: -1 is one place nearer to the beginning. At the ends it stays.

    Raises:
        ImageNotFoundError: it is not in the spotlight.
    """
    _lock(person)
    order = _in_order(person)
    if image_id not in order:
        raise _no_such_image()
    at = order.index(image_id)
    order.insert(min(max(at + by, 0), len(order) - 1), order.pop(at))
    return arrange_spotlight(person, order)


def _lock(person: User) -> None:
    """Two presses at once take turns."""
    User.objects.select_for_update(no_key=True).get(pk=person.pk)


def _in_order(person: User) -> list[UUID]:
    """The spotlight as it shows: what is no longer public has left it."""
    items = SpotlightItem.objects.filter(person=person, image__in=_shown(person))
    return list(items.order_by("position", "pk").values_list("image", flat=True))


def _shown(person: User) -> ImageQuerySet:
    """One's own pictures that everybody may see."""
    return Image.objects.owned_by(person).filter(visibility=Visibility.PUBLIC, withheld_at=None)


def _shown_image(person: User, image_id: UUID) -> Image:
    image = _shown(person).filter(pk=image_id).first()
    if image is None:
        raise _no_such_image()
    return image


def _no_such_image() -> ImageNotFoundError:
    return ImageNotFoundError(_("Choose one of your own public pictures."))
