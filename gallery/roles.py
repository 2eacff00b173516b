"""Who keeps order here: moderators, whose group a migration makes, and whoever administers the server."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final, cast

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from mjweb.accounts.models import User
from mjweb.common.access import View, member
from mjweb.common.errors import NotFoundError

MODERATE: Final = "gallery.moderate"
MODERATORS: Final = "Moderators"


def is_moderator(user: User | AnonymousUser) -> bool:
    """Whether this person decides about reports."""
    return user.is_authenticated and user.has_perm(MODERATE)


def is_administrator(user: User | AnonymousUser) -> bool:
    """Whether this person runs the server."""
    return user.is_authenticated and user.is_superuser


def moderator(view: View) -> View:
    """Only moderators; for other members the address does not exist."""
    return _kept_by(is_moderator, view, "moderator")


def administrator(view: View) -> View:
    """Only people who run the server; for other members the address does not exist."""
    return _kept_by(is_administrator, view, "administrator")


def _kept_by(allowed: Callable[[User | AnonymousUser], bool], view: View, policy: str) -> View:
    @wraps(view)
    def kept(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not allowed(request.user):
            raise NotFoundError(_("There is no page at this address."))
        return view(request, *args, **kwargs)

    guarded: Any = member(kept)
    guarded.access_policy = policy
    return cast("View", guarded)
