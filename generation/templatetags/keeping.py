"""What a person did with a picture, for the buttons beside it: `{% load keeping %}`."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django import template
from django.contrib.auth.models import AnonymousUser

from generation.jobs.collecting import folders_of
from generation.models import CollectionItem, Image, Like
from mjweb.accounts.models import User

register = template.Library()


@dataclass(frozen=True, slots=True)
class Place:
    """A collection of this person, and whether the picture is in it."""

    pk: UUID
    title: str
    has_it: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """How a person keeps a picture: what is not their own they can like and collect."""

    is_liked: bool
    is_own: bool
    places: tuple[Place, ...]

    @property
    def is_collected(self) -> bool:
        """Whether it is in any collection of this person."""
        return any(place.has_it for place in self.places)


@register.simple_tag
def kept_by(user: User | AnonymousUser, image: Image) -> Kept | None:
    """How this person keeps the picture; None for whoever is not signed in."""
    if not user.is_authenticated:
        return None
    is_liked = Like.objects.filter(person=user, image=image).exists()
    within = set(CollectionItem.objects.filter(image=image).values_list("collection_id", flat=True))
    places = (
        Place(folder.collection.pk, " / ".join(folder.path), folder.collection.pk in within)
        for folder in folders_of(user)
    )
    return Kept(is_liked, is_own=image.owner_id == user.pk, places=tuple(places))
