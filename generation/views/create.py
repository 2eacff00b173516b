"""The Create page: the imagine bar above one's own jobs, newest first."""

from __future__ import annotations

from typing import Final
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from generation.jobs.access import visible_image
from generation.jobs.choosing import models_for
from generation.jobs.discretion import speaking_image
from generation.jobs.option_sets import wishes_of
from generation.models import Image
from generation.prompts.images import MAX_IMAGES
from generation.views.feed import OLDER_PER_PAGE, feed_page
from generation.views.prompts import NO_WISHES, Bar, bar
from mjweb.accounts.people import person
from mjweb.common.access import member
from mjweb.common.errors import InvalidInputError
from mjweb.common.saying import say

JOBS_PER_PAGE = 18
ROLES: Final = {
    "prompt": "{pictures} {words}",
    "style": "{words} --sref {pictures}",
    "start": "{pictures} {words} --strength .6",
}
"""How a prompt names pictures."""


@member
@require_safe
@never_cache  # a step back must not bring the page as it was before its newest cards
def create(request: HttpRequest) -> HttpResponse:
    """The page; with `cursor` and htmx only the next cards; `remix`, `prompt`, `image` and `role` fill the bar."""
    if request.GET.get("cursor") and request.headers.get("HX-Request"):
        return render(request, "generation/_jobs.html", feed_page(request, size=OLDER_PER_PAGE))
    remixed = remixed_image(request, request.GET.get("remix", ""))
    text = remixed.job.prompt if remixed else with_pictures(request, request.GET.get("prompt", ""))
    asking = person(request)
    wishes = wishes_of(asking) if text else NO_WISHES
    return create_page(request, bar(text, models_for(asking), wishes), remixed=remixed)


def create_page(request: HttpRequest, filled: Bar, *, remixed: Image | None = None, status: int = 200) -> HttpResponse:
    """The whole page with this bar: also the answer to a refused prompt when there is no script."""
    context = {"bar": filled, "remixed": remixed, "key": uuid4(), **feed_page(request, size=JOBS_PER_PAGE)}
    return render(request, "generation/create.html", context, status=status)


def with_pictures(request: HttpRequest, text: str) -> str:
    """The words with the pictures that the address names, in the role that it names: `prompt`, `style` or `start`.

    Raises:
        InvalidInputError: there is no such role, or this is no picture's address. ImageNotFoundError.
    """
    images = [visible_image(person(request), _key(name, "image")) for name in request.GET.getlist("image")[:MAX_IMAGES]]
    if not images:
        return text
    references = " ".join(f"image:{image.pk}" for image in images)
    written = ROLES.get(request.GET.get("role", "prompt"))
    if written is None:
        raise InvalidInputError(say("A picture is used as prompt, style or start."), parameter="role")
    return written.format(pictures=references, words=text).strip()


def remixed_image(request: HttpRequest, image_id: str) -> Image | None:
    """The picture that a remix begins with; None when none is named.

    Raises:
        InvalidInputError: this is no picture's address. ImageNotFoundError: it is not visible to this person.
        WordsKeptError: its owner keeps its words.
    """
    return speaking_image(person(request), _key(image_id, "remix")) if image_id else None


def _key(image_id: str, parameter: str) -> UUID:
    try:
        return UUID(image_id)
    except ValueError as error:
        raise InvalidInputError(say("The address of the picture is damaged."), parameter=parameter) from error
