"""Who does not see whose pictures. A room above knows how people stand to each other; this one asks it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from mjweb.accounts.models import User

People = Callable[[User | AnonymousUser], Iterable[QuerySet[Any, Any]]]
"""Ids of people, as subqueries."""


def _nobody(_user: User | AnonymousUser) -> Iterable[QuerySet[Any, Any]]:
    return ()


@dataclass(slots=True)
class _Known:
    strangers: People = _nobody
    unlisted: People = _nobody


_known = _Known()


def look_with(*, strangers: People = _nobody, unlisted: People = _nobody) -> None:
    """From now on pictures of these people are left out.

    strangers: not even by its address does this person open a picture of theirs.
    unlisted: theirs stand in none of this person's lists; the strangers among them.
    """
    _known.strangers, _known.unlisted = strangers, unlisted


def strangers_to(user: User | AnonymousUser) -> Iterable[QuerySet[Any, Any]]:
    """Those whose pictures this person does not see at all."""
    return _known.strangers(user)


def unlisted_for(user: User | AnonymousUser) -> Iterable[QuerySet[Any, Any]]:
    """Those whose pictures stand in no list of this person."""
    return _known.unlisted(user)
