"""Tiles of a feed in templates: `{% load tiles %}`.

A page has forty. What is the same on all of them but for an id and a number is rendered once, with these left open.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from django import template
from django.contrib.humanize.templatetags.humanize import naturaltime
from django.http import HttpRequest
from django.template import Context
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from gallery.models import Publication
from gallery.search import Found
from generation.jobs.discretion import wordless
from generation.jobs.selectors import typed_prompt

register = template.Library()

ANY_PICTURE: Final = UUID(int=0)
ANY_NUMBER: Final = 987_654_321
SIDE_PX: Final = 640


@register.simple_tag(takes_context=True)
def tiles(context: Context, rows: Iterable[Publication | Found]) -> list[dict[str, Any]]:
    """What each tile shows: of publications, or of what a search found, with the sign of why."""
    rows = list(rows)
    shown = [row.publication if isinstance(row, Found) else row for row in rows]
    silent = wordless(context["request"].user, [publication.image for publication in shown])
    forms = _Forms(context["request"])
    return [
        {
            **forms.filled(publication, speaks=publication.image_id not in silent),
            **({"sign": row.sign, "why": row.why.sentence} if isinstance(row, Found) else {"sign": ""}),
        }
        for row, publication in zip(rows, shown, strict=True)
    ]


class _Forms:
    """The parts of a tile that templates and addresses give, with `ANY_PICTURE` and `ANY_NUMBER` in their places."""

    def __init__(self, request: HttpRequest) -> None:
        self._page = reverse("image", args=[ANY_PICTURE])
        self._picture = reverse("image-rendition", args=[ANY_PICTURE, SIDE_PX])
        self._request = request
        self._made: dict[tuple[bool, bool, bool], str] = {}

    def filled(self, publication: Publication, *, speaks: bool) -> dict[str, Any]:
        """The parts of this publication's tile; without words where its owner keeps them."""
        image, key = publication.image, str(publication.image_id)
        likes = publication.likes_count
        tools = self._tools(liked=getattr(publication, "is_liked", False), has_likes=bool(likes), speaks=speaks)
        return {
            "id": key,
            "image": image,
            "page": self._page.replace(str(ANY_PICTURE), key),
            "picture": self._picture.replace(str(ANY_PICTURE), key),
            "tools": _filled(tools, key, likes),
            "words": typed_prompt(image.job).words if speaks else "",
            "author": publication.author.username,
            "age": naturaltime(publication.published_at),
        }

    def _tools(self, *, liked: bool, has_likes: bool, speaks: bool) -> str:
        """Heart and links of every tile of this kind."""
        kind = (liked, has_likes, speaks)
        if kind not in self._made:
            publication = _some(ANY_NUMBER if has_likes else 0, liked=liked)
            heart = _rendered("gallery/_heart_alone.html", self._request, publication=publication)
            self._made[kind] = heart + _rendered("gallery/_tile_tools.html", self._request, words=speaks)
        return self._made[kind]


def _some(likes: int, *, liked: bool) -> Publication:
    """Any publication with so many likes."""
    publication = Publication(image_id=ANY_PICTURE, likes_count=likes)
    publication.is_liked = liked  # type: ignore[attr-defined] # as `with_cards`
    return publication


def _rendered(name: str, request: HttpRequest, **values: Any) -> str:
    """Without what every page knows besides: a heart and a few links have no use for it."""
    return render_to_string(name, {"id": ANY_PICTURE, "request": request, **values}).strip()


def _filled(form: str, key: str, number: int) -> SafeString:
    filled = form.replace(str(ANY_PICTURE), key).replace(str(ANY_NUMBER), str(number))
    return mark_safe(filled)  # noqa: S308 - rendered by our templates, and filled with an id and a number
