"""Who may use a view, said on the view itself; a test refuses any address without a policy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from django.contrib.auth.decorators import login_required
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
