"""A person's own pictures."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from generation.jobs.selectors import image_history
from mjweb.accounts.people import person
from mjweb.common.access import member
from mjweb.common.pagination import keyset_page

PAGE_SIZE = 40


@member
@require_safe
@vary_on_headers("HX-Request")
def my_images(request: HttpRequest) -> HttpResponse:
    """Everything this person made, private pictures included; for htmx, the next page's tiles alone."""
    page = keyset_page(image_history(person(request)), cursor=request.GET.get("cursor"), size=PAGE_SIZE)
    template = "generation/_image_tiles.html" if "HX-Request" in request.headers else "generation/my_images.html"
    return render(request, template, {"page": page})
