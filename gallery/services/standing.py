"""How people stand to each other: one button, one service, one transaction. Repeating any of them changes nothing."""

from __future__ import annotations

from functools import partial

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from gallery.errors import KeepsOrderError, OneselfError
from gallery.models import Block, Follow, Mute
from gallery.roles import is_moderator
from gallery.selectors.people import person_named
from gallery.services.notifying import forget_between
from gallery.signals import followed
from mjweb.accounts.models import User


@transaction.atomic
def follow_person(person: User, name: str) -> User:
    """Follow: this person's pictures come into the following feed.

    Effects: they are told, once.

    Raises:
        PersonNotFoundError: nobody has this name, or one of the two has blocked the other.
        OneselfError: it is one's own name.
    """
    other = _somebody_else(person, name)
    follow, is_new = Follow.objects.get_or_create(follower=person, followed=other)
    if is_new:
        transaction.on_commit(partial(followed.send_robust, sender=Follow, follow=follow))
    return other


def unfollow_person(person: User, name: str) -> User:
    """Unfollow: their pictures come into the following feed no longer. They are not told.

    Raises:
        PersonNotFoundError, OneselfError: as `follow_person`.
    """
    other = _somebody_else(person, name)
    Follow.objects.filter(follower=person, followed=other).delete()
    return other


@transaction.atomic
def block_person(person: User, name: str) -> User:
    """Block: neither sees the other's pictures, comments and page from now on, and neither can act on them.

    They are not told. Who followed the other follows them no longer, and what they were told of each other is gone.
    Likes and remixes of before stay: they belong to who made them.

    Raises:
        PersonNotFoundError, OneselfError: as `follow_person`; blocking again is not refused.
        KeepsOrderError: they are a moderator.
    """
    other = _somebody_else(person, name, even_strangers=True)
    if is_moderator(other):
        sentence = _("%(name)s keeps order here and cannot be blocked. Mute them instead.")
        raise KeepsOrderError(sentence % {"name": other.username})
    Block.objects.get_or_create(person=person, blocked=other)
    Follow.objects.filter(Q(follower=person, followed=other) | Q(follower=other, followed=person)).delete()
    forget_between(person, other)
    return other


def unblock_person(person: User, name: str) -> User:
    """Unblock: as before, without the follows. Where the other has blocked this person too, that stays.

    Raises:
        PersonNotFoundError: nobody has this name.
        OneselfError: it is one's own name.
    """
    other = _somebody_else(person, name, even_strangers=True)
    Block.objects.filter(person=person, blocked=other).delete()
    return other


def mute_person(person: User, name: str) -> User:
    """Mute: they stand in none of this person's lists, and this person is told nothing of them. They never learn it.

    Raises:
        PersonNotFoundError, OneselfError: as `follow_person`.
    """
    other = _somebody_else(person, name)
    Mute.objects.get_or_create(person=person, muted=other)
    return other


def unmute_person(person: User, name: str) -> User:
    """Unmute: as before.

    Raises:
        PersonNotFoundError, OneselfError: as `follow_person`.
    """
    other = _somebody_else(person, name)
    Mute.objects.filter(person=person, muted=other).delete()
    return other


def _somebody_else(person: User, name: str, *, even_strangers: bool = False) -> User:
    """Who has this name. Whoever blocks must find them although they are blocked already, or have blocked first."""
    other = person_named(AnonymousUser() if even_strangers else person, name)
    if other == person:
        raise OneselfError(_("That is you."))
    return other
