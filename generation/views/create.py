"""The Create page: the imagine bar above one's own jobs, newest first."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from generation.jobs.choosing import models_for
from generation.jobs.option_sets import wishes_of
from generation.jobs.services import visible_image
from generation.models import Image
from generation.views.cards import cards_of, job_cards
from generation.views.prompts import NO_WISHES, Bar, bar
from mjweb.accounts.people import person
from mjweb.common.access import member
from mjweb.common.errors import InvalidInputError
from mjweb.common.pagination import keyset_page

JOBS_PER_PAGE = 18


@member
@require_safe
@never_cache  # a step back must not bring the page as it was before its newest cards
def create(request: HttpRequest) -> HttpResponse:
    """The page; with `cursor` and htmx only the next cards; `remix` and `prompt` fill the bar."""
    if request.GET.get("cursor") and request.headers.get("HX-Request"):
        return render(request, "generation/_jobs.html", history_page(request))
    remixed = remixed_image(request, request.GET.get("remix", ""))
    text = remixed.job.prompt if remixed else request.GET.get("prompt", "")
    asking = person(request)
    wishes = wishes_of(asking) if text else NO_WISHES
    return create_page(request, bar(text, models_for(asking), wishes), remixed=remixed)


def create_page(request: HttpRequest, filled: Bar, *, remixed: Image | None = None, status: int = 200) -> HttpResponse:
    """The whole page with this bar: also the answer to a refused prompt when there is no script."""
    context = {"bar": filled, "remixed": remixed, "key": uuid4(), **history_page(request)}
    return render(request, "generation/create.html", context, status=status)


def history_page(request: HttpRequest) -> dict[str, object]:
    """The cards after the request's cursor."""
    page = keyset_page(cards_of(person(request)), cursor=request.GET.get("cursor"), size=JOBS_PER_PAGE)
    return {"cards": job_cards(page.rows), "next_cursor": page.next_cursor}


def remixed_image(request: HttpRequest, image_id: str) -> Image | None:
    """The picture that a remix begins with; None when none is named.

    Raises:
        InvalidInputError: this is no picture's address. ImageNotFoundError: it is not visible to this person.
    """
    if not image_id:
        return None
    try:
        key = UUID(image_id)
    except ValueError as error:
        msg = "The address of the picture to remix is damaged."
        raise InvalidInputError(msg, parameter="remix") from error
    return visible_image(person(request), key)
