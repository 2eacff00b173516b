"""People's pages, and how one stands to them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from gallery.selectors.feeds import author_feed
from gallery.selectors.people import (
    LIKES_SIZE,
    ProfilePage,
    blocks_of,
    followed_by,
    followers_of,
    likes_of,
    mutes_of,
    person_named,
    profile_page,
    spotlight_of,
)
from gallery.services import standing
from mjweb.accounts.models import User
from mjweb.accounts.people import person
from mjweb.common.access import browsing, member
from mjweb.common.pagination import Page

Stand = Callable[[User, str], User]
ON: Final = "1"


@browsing
@require_safe
@vary_on_headers("HX-Request")
def profile(request: HttpRequest, username: str) -> HttpResponse:
    """A person's page, its public pictures first; for htmx, the next page's tiles alone."""
    author = person_named(request.user, username)
    page = author_feed(request.user, author, cursor=request.GET.get("cursor"))
    if "HX-Request" in request.headers:  # a further page costs nothing of what stands above the first
        return render(request, "gallery/_tiles.html", {"page": page})
    return _pictures(request, profile_page(request.user, username), {"page": page, "tab": "pictures"})


@browsing
@require_safe
def spotlight(request: HttpRequest, username: str) -> HttpResponse:
    """The pictures that a person puts on top, in their order."""
    head = profile_page(request.user, username)
    pinned = spotlight_of(request.user, head.person)
    return _pictures(request, head, {"page": Page(pinned, None), "tab": "spotlight"})


@browsing
@require_safe
@vary_on_headers("HX-Request")
def likes(request: HttpRequest, username: str) -> HttpResponse:
    """The pictures that a person likes, if they show them; for htmx, the next page's tiles alone."""
    head = profile_page(request.user, username)
    page = likes_of(request.user, head.person, cursor=request.GET.get("cursor"), size=LIKES_SIZE)
    return _pictures(request, head, {"page": page, "tab": "likes"})


@browsing
@require_safe
def followers(request: HttpRequest, username: str) -> HttpResponse:
    """Who follows a person."""
    who = person_named(request.user, username)
    page = followers_of(request.user, who, cursor=request.GET.get("cursor"))
    people = [follow.follower for follow in page.rows]
    return render(request, "gallery/follows.html", {"who": who, "page": page, "people": people, "tab": "followers"})


@browsing
@require_safe
def following(request: HttpRequest, username: str) -> HttpResponse:
    """Whom a person follows."""
    who = person_named(request.user, username)
    page = followed_by(request.user, who, cursor=request.GET.get("cursor"))
    people = [follow.followed for follow in page.rows]
    return render(request, "gallery/follows.html", {"who": who, "page": page, "people": people, "tab": "following"})


@member
@require_POST
def follow(request: HttpRequest, username: str) -> HttpResponse:
    """Follow, or with `on=0` no longer."""
    other = _stand(request, username, standing.follow_person, standing.unfollow_person)
    return _standing(request, other)


@member
@require_POST
def mute(request: HttpRequest, username: str) -> HttpResponse:
    """Mute, or with `on=0` no longer."""
    other = _stand(request, username, standing.mute_person, standing.unmute_person)
    told = _("%(name)s is muted.") if _is_on(request) else _("%(name)s is no longer muted.")
    messages.info(request, told % {"name": other.username})
    return redirect("people", other.username) if _is_on(request) else redirect("standing")


@member
@require_POST
def block(request: HttpRequest, username: str) -> HttpResponse:
    """Block, or with `on=0` no longer; leads to the list of those whom one has blocked."""
    other = _stand(request, username, standing.block_person, standing.unblock_person)
    told = _("%(name)s is blocked.") if _is_on(request) else _("%(name)s is no longer blocked.")
    messages.info(request, told % {"name": other.username})
    return redirect("standing")


@member
@require_safe
def standings(request: HttpRequest) -> HttpResponse:
    """Whom one has blocked and muted, to take it back."""
    context = {"blocks": blocks_of(person(request)), "mutes": mutes_of(person(request))}
    return render(request, "gallery/standing.html", context)


def _pictures(request: HttpRequest, head: ProfilePage, context: dict[str, object]) -> HttpResponse:
    template = "gallery/_tiles.html" if "HX-Request" in request.headers else "gallery/people.html"
    return render(request, template, {"head": head, "author": head.person, **context})


def _stand(request: HttpRequest, username: str, on: Stand, off: Stand) -> User:
    return (on if _is_on(request) else off)(person(request), username)


def _is_on(request: HttpRequest) -> bool:
    return request.POST.get("on", ON) == ON


def _standing(request: HttpRequest, other: User) -> HttpResponse:
    """The buttons as they are now; without htmx the page again."""
    if "HX-Request" not in request.headers:
        return redirect("people", other.username)
    return render(request, "gallery/_standing.html", {"head": profile_page(request.user, other.username)})
