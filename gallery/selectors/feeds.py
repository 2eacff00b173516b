"""The gallery's feeds, a page at a time. Every question begins with the person who asks.

Each order is one index that holds only what is listed, and a page begins where the one before ended: it costs the same
at any depth.
"""

from __future__ import annotations

import random
from datetime import timedelta
from enum import StrEnum
from typing import Final

from django.contrib.auth.models import AnonymousUser
from django.db.models import DateTimeField, ExpressionWrapper, F, Value
from django.utils import timezone
from django.utils.translation import gettext as _

from gallery.models import Follow, Publication
from gallery.models.publication import PublicationQuerySet
from generation.models import Like
from mjweb.accounts.models import User
from mjweb.common.errors import InvalidInputError
from mjweb.common.pagination import Page, keyset_page

FEED_SIZE: Final = 40


class Feed(StrEnum):
    """The orders of Explore. Following and likes are somebody's own."""

    NEW = "new"
    HOT = "hot"
    TOP = "top"
    RANDOM = "random"
    FOLLOWING = "following"
    LIKES = "likes"


class Within(StrEnum):
    """How old the pictures of `top` may be."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    ALL = "all"


AGES: Final = {Within.DAY: timedelta(days=1), Within.WEEK: timedelta(days=7), Within.MONTH: timedelta(days=30)}
RECENCY: Final = {Within.DAY: 3, Within.WEEK: 2, Within.MONTH: 1}
"""The least `Publication.recency` of each age: its index holds little more than what is young enough."""
OWN: Final = (Feed.FOLLOWING, Feed.LIKES)
ATTEMPTS: Final = 4
"""How often more likes are read for a page, of which most are shown no longer."""


def explore_feed(
    user: User | AnonymousUser,
    *,
    feed: Feed = Feed.NEW,
    within: Within = Within.ALL,
    cursor: str | None = None,
    size: int = FEED_SIZE,
) -> Page[Publication]:
    """A page of the public gallery in one of its orders; of nobody's own feeds there is nothing.

    within: of `top` alone.

    Raises:
        InvalidInputError: the cursor is not one of ours.
    """
    listed = Publication.objects.listed_for(user)
    if feed == Feed.RANDOM:
        return _random_page(listed.with_cards(user), cursor=cursor, size=size)
    if feed not in OWN:
        chosen, order = _of_all(listed, feed, within)
        return keyset_page(chosen.with_cards(user), cursor=cursor, size=size, order=order)
    if isinstance(user, AnonymousUser):
        return Page([], None)
    page_of = _liked_page if feed == Feed.LIKES else _followed_page
    return page_of(listed.with_cards(user), user, cursor=cursor, size=size)


def author_feed(
    user: User | AnonymousUser, author: User, *, cursor: str | None = None, size: int = FEED_SIZE
) -> Page[Publication]:
    """A page of one person's public pictures, newest first.

    Raises:
        InvalidInputError: the cursor is not one of ours.
    """
    shown = Publication.objects.listed_for(user).filter(author=author).with_cards(user)
    return keyset_page(shown, cursor=cursor, size=size, order="-published_at")


def style_feed(
    user: User | AnonymousUser, style: str, *, cursor: str | None = None, size: int = FEED_SIZE
) -> Page[Publication]:
    """A page of the pictures whose prompts name this style, the hottest first; no word of a hidden prompt is told.

    Raises:
        InvalidInputError: the cursor is not one of ours.
    """
    shown = Publication.objects.listed_for(user).in_style(style).with_cards(user)
    return keyset_page(shown, cursor=cursor, size=size, order="-hot_rank")


def _of_all(listed: PublicationQuerySet, feed: Feed, within: Within) -> tuple[PublicationQuerySet, str]:
    """What a feed holds, and its order."""
    if feed == Feed.HOT:
        return listed, "-hot_rank"
    if feed == Feed.TOP:
        return _young(listed, within), "-likes_count"
    return listed, "-published_at"


def _followed_page(listed: PublicationQuerySet, user: User, *, cursor: str | None, size: int) -> Page[Publication]:
    followed = list(Follow.objects.filter(follower=user).values_list("followed", flat=True))
    return keyset_page(listed.filter(author__in=followed), cursor=cursor, size=size, order="-published_at")


def _liked_page(listed: PublicationQuerySet, user: User, *, cursor: str | None, size: int) -> Page[Publication]:
    """Likes in their order, and of these what may be shown: as many at a time as the page still has room for.

    In one question PostgreSQL would read all that somebody ever liked. A page may be short of what was made private.
    """
    rows: list[Publication] = []
    for _attempt in range(ATTEMPTS):
        likes = keyset_page(Like.objects.filter(person=user), cursor=cursor, size=size - len(rows))
        shown = {row.image_id: row for row in listed.filter(image__in=[like.image_id for like in likes.rows])}
        rows += [shown[like.image_id] for like in likes.rows if like.image_id in shown]
        cursor = likes.next_cursor
        if cursor is None or len(rows) == size:
            break
    return Page(rows, cursor)


def _young(listed: PublicationQuerySet, within: Within) -> PublicationQuerySet:
    """Nothing that is older than this. `recency` alone may be late, and the time alone has no index in this order.

    PostgreSQL takes the two for independent, expects next to nothing, and would sort all of it: of a sum it expects
    nothing special.
    """
    if within == Within.ALL:
        return listed
    begun = ExpressionWrapper(F("published_at") + Value(timedelta()), DateTimeField())
    young = listed.alias(begun=begun).filter(begun__gt=timezone.now() - AGES[within])
    return young.filter(recency__gte=RECENCY[within])


def _random_page(listed: PublicationQuerySet, *, cursor: str | None, size: int) -> Page[Publication]:
    """A walk from a random place around to it: nothing comes twice, and no page has to be shuffled.

    cursor: where the walk began, whether it has come around, and the place within.
    """
    begin, is_around, place = _read_walk(cursor) if cursor else (random.random(), False, None)  # noqa: S311 - no secret
    if is_around:
        return _tell_walk(_walk_on(listed.filter(random_key__lt=begin), place, size), begin, is_around=True)
    page = _walk_on(listed if place else listed.filter(random_key__gte=begin), place, size)
    if page.next_cursor is not None:
        return _tell_walk(page, begin, is_around=False)
    missing = size - len(page.rows)
    rest = _walk_on(listed.filter(random_key__lt=begin), None, missing or 1)
    if not missing:
        return Page(page.rows, _tell_place(begin, "", is_around=True) if rest.rows else None)
    return _tell_walk(Page(page.rows + rest.rows, rest.next_cursor), begin, is_around=True)


def _walk_on(listed: PublicationQuerySet, place: str | None, size: int) -> Page[Publication]:
    return keyset_page(listed, cursor=place, size=size, order="random_key")


def _tell_walk(page: Page[Publication], begin: float, *, is_around: bool) -> Page[Publication]:
    return Page(page.rows, page.next_cursor and _tell_place(begin, page.next_cursor, is_around=is_around))


def _tell_place(begin: float, place: str, *, is_around: bool) -> str:
    return f"{begin!r}~{is_around:d}~{place}"


def _read_walk(cursor: str) -> tuple[float, bool, str]:
    try:
        begin, is_around, place = cursor.split("~")
        return float(begin), bool(int(is_around)), place
    except ValueError as error:
        sentence = _("This page link is damaged. Start again from the top.")
        raise InvalidInputError(sentence, parameter="cursor") from error
