"""Who may use a view, said on the view itself; a test refuses any address without a policy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from django.conf import settings
from django.contrib.auth.decorators import login_required, user_passes_test
from django.http import HttpResponseBase

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def public(view: View) -> View:
    """Anybody may ask; what they see still begins with the person."""
    view.access_policy = "public"  # type: ignore[attr-defined]
    return view


def member(view: View) -> View:
    """Only people who are signed in; others are sent to the sign-in page and come back."""
    guarded: Any = login_required(view)
    guarded.access_policy = "member"
    return cast("View", guarded)


def browsing(view: View) -> View:
    """Whoever looks around in what people show: anybody, or members alone where the server's owner says so."""
    guarded: Any = user_passes_test(may_browse)(view)
    guarded.access_policy = "browsing"
    return cast("View", guarded)


def may_browse(user: Any) -> bool:
    """Whether this person may look at what others show (`MJWEB_ANONYMOUS_BROWSING`)."""
    return bool(settings.MJWEB_ANONYMOUS_BROWSING or user.is_authenticated)
