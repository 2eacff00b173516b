"""The public gallery."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from gallery.selectors import explore_feed
from mjweb.accounts.models import User
from mjweb.common.access import public
from mjweb.common.errors import NotFoundError


@public
@require_safe
@vary_on_headers("HX-Request")
def explore(request: HttpRequest) -> HttpResponse:
    """The newest pictures of everybody; for htmx, the next page's tiles alone."""
    page = explore_feed(request.user, cursor=request.GET.get("cursor"))
    template = "gallery/_tiles.html" if "HX-Request" in request.headers else "gallery/explore.html"
    return render(request, template, {"page": page})


@public
@require_safe
@vary_on_headers("HX-Request")
def people(request: HttpRequest, username: str) -> HttpResponse:
    """One person's public pictures, newest first."""
    author = User.objects.filter(username__iexact=username, is_active=True).first()
    if author is None:
        msg = "Nobody here has this name."
        raise NotFoundError(msg)
    page = explore_feed(request.user, cursor=request.GET.get("cursor"), author=author.username)
    template = "gallery/_tiles.html" if "HX-Request" in request.headers else "gallery/people.html"
    return render(request, template, {"page": page, "author": author})
