"""Buttons of a finished picture: each takes its input, calls one service and answers with the job."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from generation.jobs import services
from generation.jobs.action_plans import DIRECTIONS, UPSCALES, UpscaleVariant
from generation.jobs.picture_plans import MOST_BLENDED, Direction
from generation.jobs.planning import VARY_STRENGTH, VaryStrength
from generation.jobs.selectors import image_history
from generation.jobs.telling import describe_image
from generation.views.answers import answer
from mjweb.accounts.people import person
from mjweb.common.access import member
from mjweb.common.errors import InvalidInputError
from mjweb.common.saying import say

OFFERED_TO_BLEND: Final = 24


@member
@require_POST
def upscale(request: HttpRequest, image_id: UUID) -> HttpResponse:
    """U1-U4 and the picture's own page: this picture larger."""
    variant = _choice(request, "variant", UPSCALES, "2x", say("An upscale is subtle, creative, 2x or 4x."))
    return answer(request, services.upscale_image(person(request), image_id, variant=cast("UpscaleVariant", variant)))


@member
@require_POST
def vary(request: HttpRequest, image_id: UUID) -> HttpResponse:
    """V1-V4, and remix where the words were changed: four new pictures that start from this one."""
    strength = _choice(request, "strength", VARY_STRENGTH, "strong", say("A variation is subtle or strong."))
    job = services.vary_image(
        person(request), image_id, strength=cast("VaryStrength", strength), prompt=_prompt(request)
    )
    return answer(request, job)


@member
@require_POST
def zoom(request: HttpRequest, image_id: UUID) -> HttpResponse:
    """Zoom out: the picture from further away, with other words and another shape where these were changed."""
    try:
        factor = float(request.POST.get("factor", "2"))
    except ValueError as error:
        raise InvalidInputError(say("Zooming out goes from 1 to 2 times."), parameter="factor") from error
    return answer(request, services.zoom_image(person(request), image_id, factor=factor, prompt=_prompt(request)))


@member
@require_POST
def pan(request: HttpRequest, image_id: UUID) -> HttpResponse:
    """Pan: what lies beside the picture."""
    direction = _choice(request, "direction", DIRECTIONS, "", say("A pan goes left, right, up or down."))
    return answer(request, services.pan_image(person(request), image_id, direction=cast("Direction", direction)))


@member
@require_POST
def square(request: HttpRequest, image_id: UUID) -> HttpResponse:
    """Make square."""
    return answer(request, services.square_image(person(request), image_id))


@member
@require_POST
def describe(request: HttpRequest, image_id: UUID) -> HttpResponse:
    """Describe: four prompts that show something like this picture. Takes up to ten seconds."""
    told = describe_image(person(request), image_id)
    return render(request, "generation/_described.html", {"prompts": told.prompts})


@member
@require_http_methods(["GET", "POST"])
def blend(request: HttpRequest, image_id: UUID) -> HttpResponse:
    """Blend: the pictures that this one can be blended with, and then the blend of those that were chosen."""
    asking = person(request)
    if request.method == "POST":
        return answer(request, services.blend_images(asking, [image_id, *_chosen(request)]))
    image = services.visible_image(asking, image_id)
    others = image_history(asking).exclude(pk=image_id).order_by("-created_at", "-pk")[:OFFERED_TO_BLEND]
    return render(request, "generation/_blend.html", {"image": image, "others": others, "most": MOST_BLENDED - 1})


def _chosen(request: HttpRequest) -> list[UUID]:
    try:
        return [UUID(one) for one in request.POST.getlist("with")]
    except ValueError as error:
        raise InvalidInputError(say("The address of a picture to blend is damaged."), parameter="with") from error


def _choice(request: HttpRequest, name: str, choices: Collection[str], usual: str, sentence: str) -> str:
    value = request.POST.get(name, usual)
    if value not in choices:
        raise InvalidInputError(sentence, parameter=name)
    return value


def _prompt(request: HttpRequest) -> str | None:
    """The words of a form that lets them be changed; None of one that does not."""
    text = request.POST.get("prompt")
    return None if text is None else text.replace("\r\n", "\n")
