"""Buttons of the shelf: collections and saved searches."""

from __future__ import annotations

from typing import Final, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from generation.jobs import collecting, organizing
from generation.jobs.searching import Term
from generation.models import Collection, SearchPlace
from generation.views.my_images import shelf_behind
from generation.views.organizing import an_id, chosen_ids, counted
from mjweb.accounts.people import person
from mjweb.common.access import member
from mjweb.common.errors import InvalidInputError

PAGES: Final = {SearchPlace.MINE: "my-images", SearchPlace.GALLERY: "search"}
"""Where a saved search is shown."""


@member
@require_POST
def create(request: HttpRequest) -> HttpResponse:
    """New collection; with `images`, of these pictures."""
    ids = chosen_ids(request)
    if ids:
        organizing.collectable_images(person(request), ids)  # nothing is made where they may not see one of them
    collection = collecting.create_collection(person(request), request.POST.get("name", ""), parent_id=_parent(request))
    if not ids:
        return _there(request, collection)
    organizing.collect_images(person(request), collection.pk, ids)
    context = {"sentence": f"{counted(ids)} in {collection.name}.", "shelf": shelf_behind(request)}
    return render(request, "generation/_organized.html", context)


@member
@require_POST
def rename(request: HttpRequest, collection_id: UUID) -> HttpResponse:
    """Rename."""
    return _there(request, collecting.rename_collection(person(request), collection_id, request.POST.get("name", "")))


@member
@require_POST
def move(request: HttpRequest, collection_id: UUID) -> HttpResponse:
    """Into another collection, or into none."""
    return _there(request, collecting.move_collection(person(request), collection_id, parent_id=_parent(request)))


@member
@require_POST
def shift(request: HttpRequest, collection_id: UUID) -> HttpResponse:
    """Earlier by one place, or with `way=later` later."""
    by: Literal[-1, 1] = 1 if request.POST.get("way") == "later" else -1
    return _there(request, collecting.shift_collection(person(request), collection_id, by=by))


@member
@require_POST
def delete(request: HttpRequest, collection_id: UUID) -> HttpResponse:
    """Delete the collection; its pictures stay."""
    collecting.delete_collection(person(request), collection_id)
    return _to(request, reverse("my-images"))


@member
@require_POST
def save_search(request: HttpRequest) -> HttpResponse:
    """Save a search under a name."""
    place = _place(request.POST.get("place", SearchPlace.MINE))
    kept = collecting.keep_search(person(request), request.POST.get("name", ""), request.POST.get("q", ""), place)
    return _to(request, f"{reverse(PAGES[place])}?{urlencode({'q': kept.query})}")


@member
@require_POST
def forget_search(request: HttpRequest, search_id: UUID) -> HttpResponse:
    """Drop a saved search."""
    forgotten = collecting.forget_search(person(request), search_id)
    return _to(request, reverse(PAGES[_place(forgotten.place)]))


def _place(name: str) -> SearchPlace:
    try:
        return SearchPlace(name)
    except ValueError as error:
        raise InvalidInputError(_("There is no such place to search."), parameter="place") from error


def _parent(request: HttpRequest) -> UUID | None:
    chosen = request.POST.get("parent", "")
    return an_id(chosen) if chosen else None


def _there(request: HttpRequest, collection: Collection) -> HttpResponse:
    query = urlencode({"q": str(Term("in", collection.name))})
    return _to(request, f"{reverse('my-images')}?{query}")


def _to(request: HttpRequest, address: str) -> HttpResponse:
    return HttpResponseClientRedirect(address) if request.headers.get("HX-Request") else redirect(address)
