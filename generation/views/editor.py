"""The editor: a picture, what of it is painted anew, and the canvas around it."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from generation.contracts import Placement
from generation.errors import PictureRefusedError
from generation.jobs import edit_plans
from generation.jobs.discretion import speaking_image
from generation.jobs.edit_plans import Canvas, Sides
from generation.jobs.editing import Edit, edit_image, painter_of
from generation.jobs.fetching import MOST_BYTES
from generation.jobs.picture_plans import CANVAS_STRENGTH, FEATHER, PAINTED_STRENGTH
from mjweb.accounts.people import person
from mjweb.common.access import member
from mjweb.common.errors import InvalidInputError
from mjweb.common.saying import say

SHAPES = ("1:1", "3:2", "2:3", "16:9", "9:16")
CANVAS = ("canvas_width", "canvas_height", "left", "top", "width", "height")


@member
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache  # a step back must bring another key
def editor(request: HttpRequest, image_id: UUID) -> HttpResponse:
    """The page of one picture; a POST is its Imagine, answered with where the new job is."""
    if request.method == "POST":
        return _submit(request, image_id)
    asking = person(request)
    image = speaking_image(asking, image_id)
    card = painter_of(asking, image).card
    canvas = edit_plans.first_canvas(image, card)
    context = {
        "image": image,
        "card": card,
        "canvas": canvas,
        "sides": Sides.of(card),
        "feathers": {"usual": FEATHER, "most": edit_plans.MOST_FEATHER},
        "strengths": {"masked": PAINTED_STRENGTH, "placed": CANVAS_STRENGTH, "least": edit_plans.LEAST_STRENGTH},
        "shapes": SHAPES,
        "key": uuid4(),
    }
    return render(request, "generation/editor.html", context)


def _submit(request: HttpRequest, image_id: UUID) -> HttpResponse:
    job = edit_image(person(request), image_id, _edit(request), idempotency_key=request.POST.get("key") or None)
    if "application/json" not in request.headers.get("Accept", ""):
        return redirect("create")
    return JsonResponse({"job": str(job.pk), "next": reverse("create")}, status=HTTPStatus.ACCEPTED)


def _edit(request: HttpRequest) -> Edit:
    """What the form says; a field that is empty says nothing."""
    strength = _number(request, "strength")
    feather_px = _number(request, "feather")
    return Edit(
        prompt=request.POST.get("prompt", "").replace("\r\n", "\n"),
        mask=_mask(request),
        canvas=_canvas(request),
        feather_px=None if feather_px is None else round(feather_px),
        strength=strength,
    )


def _mask(request: HttpRequest) -> bytes | None:
    file = request.FILES.get("mask")
    if file is None:
        return None
    if (file.size or 0) > MOST_BYTES:
        raise PictureRefusedError(say("A mask has at most {most} MB.", most=MOST_BYTES // 2**20), max_bytes=MOST_BYTES)
    return bytes(file.read())


def _canvas(request: HttpRequest) -> Canvas | None:
    numbers = [_number(request, name) for name in CANVAS]
    if None in numbers:
        return None
    width, height, *place = [round(number) for number in numbers if number is not None]
    left, top, inner_width, inner_height = place
    picture = Placement(left_px=left, top_px=top, width_px=inner_width, height_px=inner_height)
    return Canvas(width_px=width, height_px=height, picture=picture)


def _number(request: HttpRequest, name: str) -> float | None:
    """A number of the form; None where nothing is in the field.

    Raises:
        InvalidInputError: it is none, or beyond what anything here is counted in.
    """
    text = request.POST.get(name, "").strip()
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not abs(number) < 1e6:  # noqa: PLR2004 - not a number fails as well
        raise InvalidInputError(say("{name} is no number.", name=name.replace("_", " ").capitalize()), parameter=name)
    return number
