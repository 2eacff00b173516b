"""Searches as querysets: every one of them begins with the person."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from difflib import get_close_matches
from functools import reduce
from operator import or_
from typing import Final
from uuid import UUID

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThanOrEqual, LessThan

from generation.errors import SearchRefusedError
from generation.jobs.search_keys import days_of, likes_of, ratio_of
from generation.jobs.searching import WORDS, Search, Term
from generation.models import Collection, CollectionItem, Image, JobKind, Like, Visibility
from mjweb.accounts.models import User
from mjweb.common.saying import say

TOLERANCE: Final = 0.04
"""How far a picture may be from a ratio that nobody asked for."""
RESHAPED: Final = (JobKind.PAN, JobKind.SQUARE, JobKind.EDIT)
"""Their pictures have a shape of their own, whatever the prompt says."""
SEEN: Final = frozenset({"in", "ar", "is", "after", "before", "on"})
"""Keys that ask for nothing but what everybody sees who sees the picture."""
Condition = Callable[[User, str], Q]


def found_images(user: User, search: Search) -> QuerySet[Image]:
    """This person's pictures that a search finds, and in their collections those of others, with jobs and `is_liked`.

    Page it by `keyset_page`.

    Those in the trash and hidden ones are left out, unless the search names `is:trashed` or `is:hidden`.

    Raises:
        SearchRefusedError: it names a collection that this person does not have.
    """
    images = _within_reach(user, search)
    if not (search.names("is", "hidden") or search.names("is", "trashed")):
        images = images.exclude(is_hidden=True, owner=user)
    for condition in _conditions(user, search):
        images = images.filter(condition)
    return with_likes(images, user).select_related("job", "owner")


def _within_reach(user: User, search: Search) -> QuerySet[Image]:
    """One's own pictures. In a collection also those of others, which are found by what is seen of them alone.

    Their owners may keep the words: a search must not be a way to guess them.
    """
    if search.names("is", "trashed"):
        return Image.everything.owned_by(user)
    keys = {term.key for term in search.terms}
    if keys <= SEEN and any(term.key == "in" and not term.is_negated for term in search.terms):
        return Image.objects.visible_to(user).filter(Q(owner=user) | _collected(user, ""))
    return Image.objects.owned_by(user)


def with_likes(images: QuerySet[Image], user: User) -> QuerySet[Image]:
    """The pictures with `is_liked`: whether this person likes them."""
    return images.annotate(is_liked=_liked(user, ""))


def _conditions(user: User, search: Search) -> list[Q]:
    """What every picture must fulfill."""
    return [reduce(or_, (_condition(user, term) for term in group)) for group in search.groups]


def _condition(user: User, term: Term) -> Q:
    condition = CONDITIONS[term.key](user, term.value)
    return ~condition if term.is_negated else condition


def _words(_user: User, value: str) -> Q:
    return Q(job__prompt__icontains=value)


def _shape(_user: User, value: str) -> Q:
    if value == "portrait":
        return Q(width_px__lt=F("height_px"))
    if value == "landscape":
        return Q(width_px__gt=F("height_px"))
    if value == "square":
        return _near(1.0)
    asked = _written(value, rf"--(ar|aspect)[\s=]+{value}($|\s)") & ~Q(job__kind__in=RESHAPED)
    return asked | _near(float(ratio_of(value)))


def _near(ratio: float) -> Q:
    """A small model paints so few multiples of its pixels that it misses more: there only the prompt tells."""
    least, most = Value(ratio * (1 - TOLERANCE)), Value(ratio * (1 + TOLERANCE))
    return Q(width_px__gte=F("height_px") * least, width_px__lte=F("height_px") * most)


def _model(_user: User, value: str) -> Q:
    return Q(job__checkpoint__name__iexact=value) | Q(job__checkpoint__card_values__title__icontains=value)


def _kind(_user: User, value: str) -> Q:
    return Q(job__kind=value)


def _state(user: User, value: str) -> Q:
    return STATES[value](user, value)


def _liked(user: User, _value: str) -> Q:
    return Q(Exists(Like.objects.filter(image=OuterRef("pk"), person=user)))


def _likes(_user: User, value: str) -> Q:
    least, end = likes_of(value)
    counted = Like.objects.filter(image=OuterRef("pk")).order_by().values("image").annotate(likes=Count("pk"))
    likes = Coalesce(Subquery(counted.values("likes"), output_field=IntegerField()), 0)
    enough = Q(GreaterThanOrEqual(likes, least))
    return enough if end is None else enough & Q(LessThan(likes, end))


def _collected(user: User, _value: str) -> Q:
    return Q(Exists(CollectionItem.objects.filter(image=OuterRef("pk"), collection__owner=user)))


def _in_collection(user: User, value: str) -> Q:
    within = collections_within(user, value)
    return Q(Exists(CollectionItem.objects.filter(image=OuterRef("pk"), collection__in=within)))


def collections_within(user: User, name: str) -> list[UUID]:
    """The collection of this name and all that lie in it, however deep.

    Raises:
        SearchRefusedError: this person has none of this name.
    """
    rows = list(Collection.objects.owned_by(user).values_list("pk", "name", "parent_id"))
    within = [pk for pk, known, _ in rows if known.lower() == name.lower()]
    if not within:
        raise _no_collection(name, [known for _, known, _ in rows])
    for parent in within:  # grows while it is read: what lies in what was found is found as well
        within += [pk for pk, _, parent_id in rows if parent_id == parent and pk not in within]
    return within


def _no_collection(name: str, known: list[str]) -> SearchRefusedError:
    near = get_close_matches(name, known, n=1, cutoff=0.5)
    sentence = (
        say("You have no collection “{name}”. Did you mean “{near}”?", name=name, near=near[0])
        if near
        else say("You have no collection “{name}”.", name=name)
    )
    return SearchRefusedError(sentence, errors=[{"code": "unknown_collection", "sentence": sentence, "field": "q"}])


def _after(_user: User, value: str) -> Q:
    return Q(created_at__gte=_midnight(days_of(value).first))


def _before(_user: User, value: str) -> Q:
    return Q(created_at__lt=_midnight(days_of(value).first))


def _on(_user: User, value: str) -> Q:
    days = days_of(value)
    return Q(created_at__gte=_midnight(days.first), created_at__lt=_midnight(days.end))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)


def _seed(_user: User, value: str) -> Q:
    return Q(seed=int(value))


def _style(_user: User, value: str) -> Q:
    return _written(value, rf"--style[\s=]+{re.escape(value)}(\s|$)")


def _tag(_user: User, value: str) -> Q:
    """Scripts without spaces have no borders of words: there it is looked for anywhere."""
    if not value.isascii():
        return Q(job__prompt__icontains=value)
    return _written(value, rf"(^|[^[:alnum:]_]){re.escape(value)}($|[^[:alnum:]_])")


def _written(letters: str, pattern: str) -> Q:
    """A pattern is slow and has no index: it looks only at prompts that have the letters."""
    return Q(job__prompt__icontains=letters) & Q(job__prompt__iregex=pattern)


STATES: Final[Mapping[str, Condition]] = {
    "liked": _liked,
    "public": lambda _user, _value: Q(visibility=Visibility.PUBLIC),
    "unlisted": lambda _user, _value: Q(visibility=Visibility.UNLISTED),
    "private": lambda _user, _value: Q(visibility=Visibility.PRIVATE),
    "hidden": lambda _user, _value: Q(is_hidden=True),
    "trashed": lambda _user, _value: Q(trashed_at__isnull=False),
    "upscaled": lambda _user, _value: Q(job__kind=JobKind.UPSCALE),
    "remix": lambda _user, _value: Q(job__kind=JobKind.REMIX),
    "collected": _collected,
}
CONDITIONS: Final[Mapping[str, Condition]] = {
    WORDS: _words,
    "ar": _shape,
    "model": _model,
    "kind": _kind,
    "is": _state,
    "in": _in_collection,
    "after": _after,
    "before": _before,
    "on": _on,
    "seed": _seed,
    "style": _style,
    "likes": _likes,
    "tag": _tag,
}
