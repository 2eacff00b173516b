"""The page of one picture, and showing or hiding it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from gallery.selectors import image_page
from gallery.services.publishing import publish_image, unpublish_image
from mjweb.accounts.people import person
from mjweb.common.access import member, public


@public
@require_safe
@vary_on_headers("HX-Request")
@never_cache  # a step back must not bring a picture with buttons of before
def image(request: HttpRequest, image_id: UUID) -> HttpResponse:
    """A picture with its words, numbers and lineage, private ones for their owner alone; for a script, that alone."""
    template = "gallery/_lightbox.html" if "HX-Request" in request.headers else "gallery/image.html"
    return render(request, template, {"page": image_page(request.user, image_id)})


@member
@require_POST
def publish(request: HttpRequest, image_id: UUID) -> HttpResponse:
    """Shows the picture to everybody."""
    publish_image(person(request), image_id)
    return redirect("image", image_id)


@member
@require_POST
def unpublish(request: HttpRequest, image_id: UUID) -> HttpResponse:
    """Keeps the picture for its owner from now on."""
    unpublish_image(person(request), image_id)
    return redirect("image", image_id)
