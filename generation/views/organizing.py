"""Buttons for many pictures of one's own: each takes their ids, calls one service and says what it did."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from generation.jobs import collecting, organizing
from generation.jobs.archiving import archive_of
from generation.models import Visibility
from generation.views.my_images import shelf_behind
from mjweb.accounts.people import person
from mjweb.common.access import member
from mjweb.common.errors import InvalidInputError
from mjweb.common.saying import say, say_many, sayable

LIKED: Final = (sayable("You like this picture."), sayable("You like these {number} pictures."))
LIKED_NO_LONGER: Final = (
    sayable("You no longer like this picture."),
    sayable("You no longer like these {number} pictures."),
)
PUBLISHED: Final = (sayable("Everybody can see this picture."), sayable("Everybody can see these {number} pictures."))
MADE_PRIVATE: Final = (sayable("Only you can see this picture."), sayable("Only you can see these {number} pictures."))


@dataclass(frozen=True, slots=True)
class Undo:
    """How a press is taken back. deed: what that does, for the page; values: what it needs besides the pictures."""

    address: str
    deed: str
    images: list[UUID]
    values: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> str:
        """Everything that it sends."""
        return json.dumps({"images": " ".join(map(str, self.images)), **self.values})


@member
@require_POST
def like(request: HttpRequest) -> HttpResponse:
    """Like, or with `liked=0` like no longer."""
    ids, liked = chosen_ids(request), is_wanted(request, "liked")
    organizing.like_images(person(request), ids, liked=liked)
    return _done(request, _of_these(LIKED if liked else LIKED_NO_LONGER, ids))


@member
@require_POST
def trash(request: HttpRequest) -> HttpResponse:
    """Move to the trash; the answer offers to undo it."""
    ids = chosen_ids(request)
    changed = organizing.trash_images(person(request), ids)
    undo = Undo(reverse("images-restore"), "restore", changed)
    return _done(request, say("{pictures} moved to the trash.", pictures=counted(ids)), undo)


@member
@require_POST
def restore(request: HttpRequest) -> HttpResponse:
    """Out of the trash."""
    ids = chosen_ids(request)
    organizing.restore_images(person(request), ids)
    return _done(request, say("{pictures} restored.", pictures=counted(ids)))


@member
@require_POST
def hide(request: HttpRequest) -> HttpResponse:
    """Hide from one's own lists, or with `hidden=0` show again."""
    ids, hidden = chosen_ids(request), is_wanted(request, "hidden")
    changed = organizing.hide_images(person(request), ids, hidden=hidden)
    if not hidden:
        return _done(request, say("{pictures} shown again.", pictures=counted(ids)))
    undo = Undo(request.path, "hide", changed, {"hidden": "0"})
    return _done(request, say("{pictures} hidden. is:hidden finds them.", pictures=counted(ids)), undo)


@member
@require_POST
def publish(request: HttpRequest) -> HttpResponse:
    """Publish: everybody may see them from now on."""
    ids = chosen_ids(request)
    changed = organizing.set_visibility(person(request), ids, Visibility.PUBLIC)
    return _done(request, _of_these(PUBLISHED, ids), Undo(reverse("images-unpublish"), "unpublish", changed))


@member
@require_POST
def unlist(request: HttpRequest) -> HttpResponse:
    """Unlist: whoever has the address may see them, and no list shows them."""
    ids = chosen_ids(request)
    organizing.set_visibility(person(request), ids, Visibility.UNLISTED)
    said = ngettext(
        "Whoever has its address can see this picture.",
        "Whoever has their addresses can see these %(count)s pictures.",
        len(ids),
    )
    return _done(request, said % {"count": len(ids)})


@member
@require_POST
def unpublish(request: HttpRequest) -> HttpResponse:
    """Make private."""
    ids = chosen_ids(request)
    organizing.set_visibility(person(request), ids, Visibility.PRIVATE)
    return _done(request, _of_these(MADE_PRIVATE, ids))


@member
@require_POST
def collect(request: HttpRequest) -> HttpResponse:
    """Into a collection, or with `collected=0` out of it."""
    ids, collected = chosen_ids(request), is_wanted(request, "collected")
    collection = collecting.own_collection(person(request), an_id(request.POST.get("collection", "")))
    changed = organizing.collect_images(person(request), collection.pk, ids, collected=collected)
    if collected:
        return _done(request, say("{pictures} in {name}.", pictures=counted(ids), name=collection.name))
    undo = Undo(request.path, "collect", changed, {"collection": str(collection.pk)})
    return _done(request, say("{pictures} taken out of {name}.", pictures=counted(ids), name=collection.name), undo)


@member
@require_POST
def download(request: HttpRequest) -> StreamingHttpResponse:
    """A ZIP of the pictures, as it is read from the disk."""
    archive = archive_of(organizing.chosen_images(person(request), chosen_ids(request)))
    response = StreamingHttpResponse(archive.chunks, content_type="application/zip")
    response["Content-Length"] = str(archive.size_bytes)
    response["Content-Disposition"] = f'attachment; filename="mjweb-{datetime.now(UTC):%Y-%m-%d}.zip"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def chosen_ids(request: HttpRequest) -> list[UUID]:
    """The pictures of a request: `images`, their ids with spaces between.

    Raises:
        InvalidInputError: one of them is no id.
    """
    return [an_id(text) for text in request.POST.get("images", "").split()]


def an_id(text: str) -> UUID:
    """One id as a form sends it.

    Raises:
        InvalidInputError: it is none.
    """
    try:
        return UUID(text)
    except ValueError as error:
        msg = say("This is no id.")
        raise InvalidInputError(msg) from error


def is_wanted(request: HttpRequest, name: str) -> bool:
    """A yes or no of a form; yes where it is not said."""
    return request.POST.get(name, "1") != "0"


def counted(ids: list[UUID]) -> str:
    """How many pictures, in words."""
    return say_many("{number} picture", "{number} pictures", len(ids), number=f"{len(ids):,}")


def _done(request: HttpRequest, sentence: str, undo: Undo | None = None) -> HttpResponse:
    """What was done, with a way back where anything changed, and the shelf as it is now."""
    if not request.headers.get("HX-Request"):
        return redirect("my-images")
    undo = undo if undo and undo.images else None
    context = {"sentence": sentence, "undo": undo, "shelf": shelf_behind(request)}
    return render(request, "generation/_organized.html", context)


def _of_these(sentence: tuple[str, str], ids: list[UUID]) -> str:
    """The sentence for one picture, or for several."""
    one, many = sentence
    return say(one) if len(ids) == 1 else say(many, number=f"{len(ids):,}")
