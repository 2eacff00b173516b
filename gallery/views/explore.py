"""The public gallery: its feeds, its styles, and the heart on every picture."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from gallery.models import Publication
from gallery.selectors import Feed, Within, explore_feed, style_feed
from gallery.selectors.styles import shelves_of_styles, style_look
from gallery.services.liking import like_picture, liked_picture
from mjweb.accounts.people import person
from mjweb.common.access import browsing, member
from mjweb.common.errors import InvalidInputError

TITLES: Final[dict[str, Promise]] = {
    Feed.NEW: gettext_lazy("New"),
    Feed.HOT: gettext_lazy("Hot"),
    Feed.TOP: gettext_lazy("Top"),
    Feed.RANDOM: gettext_lazy("Random"),
    Feed.FOLLOWING: gettext_lazy("Following"),
    Feed.LIKES: gettext_lazy("Likes"),
    Within.DAY: gettext_lazy("Today"),
    Within.WEEK: gettext_lazy("This week"),
    Within.MONTH: gettext_lazy("This month"),
    Within.ALL: gettext_lazy("All time"),
}
PLACES: Final = ("", "view-")
"""What the ids of hearts begin with: on a tile, and in the view of one picture."""
Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Tab:
    """One feed, or one age of `top`, as a link."""

    name: str
    title: Promise
    query: str
    is_current: bool


@browsing
@require_safe
@vary_on_headers("HX-Request")
def explore(request: HttpRequest) -> HttpResponse:
    """The pictures of everybody in the order that was chosen; for htmx, the next page's tiles alone."""
    feed, within = _read(request, "feed", Feed, Feed.NEW), _read(request, "within", Within, Within.WEEK)
    page = explore_feed(request.user, feed=feed, within=within, cursor=request.GET.get("cursor"))
    context = {"page": page, "feed": feed, "kept_query": _kept(feed, within)}
    if "HX-Request" in request.headers:
        return render(request, "gallery/_tiles.html", context)
    return render(request, "gallery/explore.html", {**context, **_tabs(feed, within), "title": TITLES[feed]})


@browsing
@require_safe
def styles(request: HttpRequest) -> HttpResponse:
    """Every style that a prompt can name, with the hottest pictures that people made in it."""
    context = {"shelves": shelves_of_styles(request.user), **_tabs(None, Within.ALL)}
    return render(request, "gallery/styles.html", context)


@browsing
@require_safe
@vary_on_headers("HX-Request")
def style(request: HttpRequest, named: str) -> HttpResponse:
    """The pictures of one style, the hottest first; for htmx, the next page's tiles alone."""
    look = style_look(named)
    page = style_feed(request.user, look.preset.name, cursor=request.GET.get("cursor"))
    if "HX-Request" in request.headers:
        return render(request, "gallery/_tiles.html", {"page": page})
    return render(request, "gallery/style.html", {"page": page, "look": look, **_tabs(None, Within.ALL)})


@member
@require_http_methods(["GET", "POST"])
def heart(request: HttpRequest, image_id: UUID) -> HttpResponse:
    """Like, or with `liked=0` like no longer; answers with the heart as it is then, as a GET does."""
    if request.method == "GET":
        return _heart(request, liked_picture(person(request), image_id))
    is_liked = request.POST.get("liked", "1") != "0"
    publication = like_picture(person(request), image_id, is_liked=is_liked)
    if "HX-Request" not in request.headers:
        return redirect("image", image_id)
    response = _heart(request, publication)
    deed = {"deed": "like" if is_liked else "unlike", "images": [str(image_id)]}
    response["HX-Trigger-After-Swap"] = json.dumps({"organized": deed})
    return response


def _heart(request: HttpRequest, publication: Publication) -> HttpResponse:
    """In the place of the one that was pressed, so that it keeps the focus: a picture may be shown twice on a page."""
    place = request.headers.get("HX-Trigger", "").partition("heart-")[0]
    place = place if place in PLACES else ""
    return render(request, "gallery/_heart_alone.html", {"publication": publication, "place": place})


def _tabs(feed: Feed | None, within: Within) -> dict[str, list[Tab]]:
    """The feeds, and below `top` its ages."""
    tabs = [Tab(one, TITLES[one], _query(one, within), one == feed) for one in Feed]
    ages = [Tab(age, TITLES[age], _query(Feed.TOP, age), age == within) for age in Within]
    return {"tabs": tabs, "ages": ages if feed == Feed.TOP else []}


def _query(feed: Feed, within: Within) -> str:
    return urlencode({"feed": feed, "within": within} if feed == Feed.TOP else {"feed": feed})


def _kept(feed: Feed, within: Within) -> str:
    """What a link to the next page says besides its cursor."""
    return "" if feed == Feed.NEW else f"{_query(feed, within)}&"


def _read(request: HttpRequest, name: str, kind: type[Choice], usual: Choice) -> Choice:
    """The value of a query parameter.

    Raises:
        InvalidInputError: it is none of the choices.
    """
    typed = request.GET.get(name, usual)
    try:
        return kind(typed)
    except ValueError as error:
        known = ", ".join(kind)
        sentence = _("There is no %(name)s called “%(typed)s”. There are %(known)s.")
        told = sentence % {"name": name, "typed": typed[:40], "known": known}
        raise InvalidInputError(told, parameter=name) from error
