"""Like, collect and trash beside one picture: each answers with the buttons as they are then."""

from __future__ import annotations

import json
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from generation.jobs import organizing
from generation.models import Image
from generation.views.organizing import is_wanted
from mjweb.accounts.people import person
from mjweb.common.access import member


@member
@require_POST
def like(request: HttpRequest, image_id: UUID) -> HttpResponse:
    """Like, or with `liked=0` like no longer: one's own picture, or one that somebody shows."""
    liked = is_wanted(request, "liked")
    organizing.like_images(person(request), [image_id], liked=liked)
    return _kept(request, image_id, "like" if liked else "unlike")


@member
@require_POST
def trash(request: HttpRequest, image_id: UUID) -> HttpResponse:
    """Move to the trash: the buttons then offer to restore it."""
    organizing.trash_images(person(request), [image_id])
    return _kept(request, image_id, "trash")


@member
@require_POST
def restore(request: HttpRequest, image_id: UUID) -> HttpResponse:
    """Out of the trash."""
    organizing.restore_images(person(request), [image_id])
    return _kept(request, image_id, "restore")


@member
@require_POST
def collect(request: HttpRequest, image_id: UUID, collection_id: UUID) -> HttpResponse:
    """Into a collection, or with `collected=0` out of it."""
    collected = is_wanted(request, "collected")
    organizing.collect_images(person(request), collection_id, [image_id], collected=collected)
    return _kept(request, image_id, "collect")


def _kept(request: HttpRequest, image_id: UUID, deed: str) -> HttpResponse:
    """The buttons, and word of the deed to whatever shows the picture on this page."""
    if not request.headers.get("HX-Request"):
        return redirect("my-images") if deed == "trash" else redirect("image", image_id)
    image = Image.everything.visible_to(person(request)).get(pk=image_id)
    response = render(request, "generation/_keep.html", {"image": image})
    response["HX-Trigger"] = json.dumps({"organized": {"deed": deed, "images": [str(image_id)]}})
    return response
