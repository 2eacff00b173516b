"""One's own page: what it says and shows."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gallery.errors import ProfileRefusedError
from gallery.models.profile import MAX_ABOUT_CHARS, MAX_SPOTLIGHT
from gallery.selectors.feeds import author_feed
from gallery.selectors.people import profile_of, spotlight_of
from gallery.services import profiles
from mjweb.accounts.people import person
from mjweb.common.access import member
from mjweb.common.errors import InvalidInputError


@member
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest) -> HttpResponse:
    """The form of one's own page; a refused text stays in it, with the reason beside it."""
    if request.method != "POST":
        return _form(request)
    about, shows_likes = request.POST.get("about", ""), "shows_likes" in request.POST
    try:
        profiles.edit_profile(person(request), about=about, shows_likes=shows_likes)
    except ProfileRefusedError as error:
        return _form(request, about=about, shows_likes=shows_likes, refusal=error.sentence, status=error.status)
    messages.info(request, _("Your page is kept."))
    return redirect("people", person(request).username)


@member
@require_POST
def banner(request: HttpRequest) -> HttpResponse:
    """The picture across the top; without `image` none."""
    typed = request.POST.get("image", "")
    profiles.choose_banner(person(request), _image_id(typed) if typed else None)
    return _shown(request)


@member
@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Into the spotlight."""
    profiles.add_to_spotlight(person(request), _image_id(request.POST.get("image", "")))
    return _shown(request)


@member
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Out of the spotlight."""
    profiles.take_from_spotlight(person(request), _image_id(request.POST.get("image", "")))
    return _shown(request)


@member
@require_POST
def move(request: HttpRequest) -> HttpResponse:
    """One place earlier in the spotlight, or with `way=later` later."""
    by = 1 if request.POST.get("way") == "later" else -1
    profiles.move_in_spotlight(person(request), _image_id(request.POST.get("image", "")), by=by)
    return _shown(request)


@member
@require_POST
def arrange(request: HttpRequest) -> HttpResponse:
    """The whole spotlight in the order of `image`, as it was dragged."""
    profiles.arrange_spotlight(person(request), [_image_id(typed) for typed in request.POST.getlist("image")])
    return _shown(request)


def _form(request: HttpRequest, *, status: int = 200, refusal: str = "", **typed: object) -> HttpResponse:
    profile = profile_of(person(request))
    kept = {"about": profile.about, "shows_likes": profile.shows_likes}
    context = {**_pictures(request), **kept, **typed, "refusal": refusal, "most_chars": MAX_ABOUT_CHARS}
    return render(request, "gallery/profile_edit.html", context, status=status)


def _shown(request: HttpRequest) -> HttpResponse:
    """The spotlight and the pictures to choose from as they are now."""
    if "HX-Request" not in request.headers:
        return redirect("profile-edit")
    return render(request, "gallery/_profile_pictures.html", _pictures(request))


def _pictures(request: HttpRequest) -> dict[str, object]:
    own = person(request)
    pinned = [publication.image for publication in spotlight_of(own, own)]
    page = author_feed(own, own, cursor=request.GET.get("cursor"))
    return {
        "pinned": pinned,
        "banner_id": profile_of(own).banner_id,
        "page": page,
        "choices": [publication.image for publication in page.rows],
        "has_room": len(pinned) < MAX_SPOTLIGHT,
        "most": MAX_SPOTLIGHT,
    }


def _image_id(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError as error:
        raise InvalidInputError(_("Choose one of your own public pictures."), parameter="image") from error
