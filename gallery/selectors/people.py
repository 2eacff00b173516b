"""What pages say about people. Every question begins with the person who asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from gallery.errors import PersonNotFoundError
from gallery.models import Block, Follow, Mute, Profile, Publication
from gallery.models.standing import strangers_to
from generation.models import Image
from mjweb.accounts.models import User
from mjweb.common.pagination import Page, keyset_page

PEOPLE_SIZE: Final = 40
LIKES_SIZE: Final = 40


@dataclass(frozen=True, slots=True)
class Standing:
    """How the person who looks stands to somebody."""

    is_self: bool = False
    follows: bool = False
    is_followed: bool = False
    mutes: bool = False


@dataclass(frozen=True, slots=True)
class ProfilePage:
    """The head of a person's page.

    banner: a picture of theirs that the viewer may see in a list, or None. likes: of all their listed pictures.
    """

    person: User
    about: str
    banner: Image | None
    shows_likes: bool
    pictures: int
    likes: int
    followers: int
    following: int
    standing: Standing


def person_named(viewer: User | AnonymousUser, name: str) -> User:
    """Somebody by their name, whatever its case.

    Raises:
        PersonNotFoundError: nobody has it, or one of the two has blocked the other.
    """
    people = User.objects.filter(username__iexact=name, is_active=True)
    for strangers in strangers_to(viewer):
        people = people.exclude(pk__in=strangers)
    person = people.select_related("profile").first()
    if person is None:
        raise PersonNotFoundError(_("Nobody here has this name."))
    return person


def profile_page(viewer: User | AnonymousUser, name: str) -> ProfilePage:
    """What stands on top of this person's page.

    Raises:
        PersonNotFoundError: as `person_named`.
    """
    person = person_named(viewer, name)
    profile = profile_of(person)
    shown = Publication.objects.listed_for(viewer).filter(author=person)
    counted = shown.aggregate(pictures=Count("pk"), likes=Sum("likes_count"))
    return ProfilePage(
        person=person,
        about=profile.about,
        banner=_banner(viewer, profile),
        shows_likes=profile.shows_likes or person == viewer,
        pictures=counted["pictures"],
        likes=counted["likes"] or 0,
        followers=person.followers.count(),
        following=person.follows.count(),
        standing=_standing(viewer, person),
    )


def profile_of(person: User) -> Profile:
    """What this person wrote about themselves; an empty one where they wrote nothing."""
    try:
        return person.profile
    except Profile.DoesNotExist:
        return Profile(person=person)


def spotlight_of(viewer: User | AnonymousUser, person: User) -> list[Publication]:
    """The pictures that this person puts on top, in their order, as far as they are public."""
    shown = Publication.objects.listed_for(viewer).with_cards(viewer)
    pinned = shown.filter(author=person, image__spotlighted__person=person)
    return list(pinned.order_by("image__spotlighted__position", "pk"))


def likes_of(viewer: User | AnonymousUser, person: User, *, cursor: str | None, size: int) -> Page[Publication]:
    """Pictures that this person likes, the newest pictures first; of a person who keeps that to themselves none.

    Raises:
        InvalidInputError: the cursor is not one of ours.
    """
    shown = Publication.objects.listed_for(viewer).with_cards(viewer)
    if person != viewer and not profile_of(person).shows_likes:
        shown = shown.none()
    return keyset_page(shown.filter(image__likes__person=person), cursor=cursor, size=size, order="-published_at")


def followers_of(viewer: User | AnonymousUser, person: User, *, cursor: str | None = None) -> Page[Follow]:
    """Who follows this person, the newest first, without strangers to the viewer."""
    return _follows(viewer, Follow.objects.filter(followed=person).select_related("follower"), "follower", cursor)


def followed_by(viewer: User | AnonymousUser, person: User, *, cursor: str | None = None) -> Page[Follow]:
    """Whom this person follows, the newest first, without strangers to the viewer."""
    return _follows(viewer, Follow.objects.filter(follower=person).select_related("followed"), "followed", cursor)


def blocks_of(person: User) -> QuerySet[Block]:
    """Whom this person has blocked, the newest first."""
    return Block.objects.filter(person=person).select_related("blocked").order_by("-created_at", "-pk")


def mutes_of(person: User) -> QuerySet[Mute]:
    """Whom this person has muted, the newest first."""
    return Mute.objects.filter(person=person).select_related("muted").order_by("-created_at", "-pk")


def _follows(viewer: User | AnonymousUser, follows: QuerySet[Follow], side: str, cursor: str | None) -> Page[Follow]:
    for strangers in strangers_to(viewer):
        follows = follows.exclude(**{f"{side}__in": strangers})
    return keyset_page(follows.filter(**{f"{side}__is_active": True}), cursor=cursor, size=PEOPLE_SIZE)


def _banner(viewer: User | AnonymousUser, profile: Profile) -> Image | None:
    """The banner, unless it is no longer public."""
    if profile.banner_id is None:
        return None
    return Image.objects.listed_for(viewer).filter(pk=profile.banner_id, visibility="public").first()


def _standing(viewer: User | AnonymousUser, person: User) -> Standing:
    if isinstance(viewer, AnonymousUser) or viewer == person:
        return Standing(is_self=viewer == person)
    between = Follow.objects.filter(Q(follower=viewer, followed=person) | Q(follower=person, followed=viewer))
    followers = set(between.values_list("follower", flat=True))
    return Standing(
        follows=viewer.pk in followers,
        is_followed=person.pk in followers,
        mutes=Mute.objects.filter(person=viewer, muted=person).exists(),
    )
