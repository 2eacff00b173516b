"""The page of one picture, and showing or hiding it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from gallery.selectors import image_page
from gallery.selectors.levels import beyond_level
from gallery.services.publishing import publish_image, unlist_image, unpublish_image
from gallery.services.sharing import show_words
from mjweb.accounts.people import person
from mjweb.common.access import browsing, member


@browsing
@require_safe
@vary_on_headers("HX-Request")
@never_cache  # a step back must not bring a picture with buttons of before
def image(request: HttpRequest, image_id: UUID) -> HttpResponse:
    """A picture with its words, numbers and lineage, private ones for their owner alone; for a script, that alone."""
    over = "HX-Request" in request.headers
    page = image_page(request.user, image_id)
    if beyond_level(request.user, page.image) and "show" not in request.GET:
        return render(request, "gallery/_ask_level.html" if over else "gallery/ask_level.html", {"image": page.image})
    return render(request, "gallery/_lightbox.html" if over else "gallery/image.html", {"page": page})


@member
@require_POST
def publish(request: HttpRequest, image_id: UUID) -> HttpResponse:
    """Shows the picture to everybody."""
    publish_image(person(request), image_id)
    return redirect("image", image_id)


@member
@require_POST
def unlist(request: HttpRequest, image_id: UUID) -> HttpResponse:
    """Shows the picture to whoever has its address alone."""
    unlist_image(person(request), image_id)
    return redirect("image", image_id)


@member
@require_POST
def unpublish(request: HttpRequest, image_id: UUID) -> HttpResponse:
    """Keeps the picture for its owner from now on."""
    unpublish_image(person(request), image_id)
    return redirect("image", image_id)


@member
@require_POST
def words(request: HttpRequest, image_id: UUID) -> HttpResponse:
    """Shows the words of the picture's whole grid to everybody, or with `shown=0` keeps them."""
    show_words(person(request), image_id, shown=request.POST.get("shown", "1") != "0")
    return redirect("image", image_id)
