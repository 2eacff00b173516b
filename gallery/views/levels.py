"""Up to which level a person looks at pictures of others."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from gallery.roles import is_moderator
from generation.models import Level
from mjweb.accounts.levels import choose_level, level_of
from mjweb.accounts.people import person
from mjweb.common.access import member
from mjweb.common.errors import MjwebError


@member
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def my_level(request: HttpRequest) -> HttpResponse:
    """The choice; posted, it is kept. More than what is for everybody needs the word that one is of age."""
    if request.method != "POST":
        return _form(request, level_of(request.user))
    chosen = request.POST.get("level", "")
    try:
        choose_level(person(request), chosen, of_age="of_age" in request.POST)
    except MjwebError as error:
        return _form(request, int(chosen) if chosen in {"0", "1", "2"} else 0, error=error)
    messages.success(request, _("Saved."))
    return redirect("my-level")


def _form(request: HttpRequest, chosen: int, *, error: MjwebError | None = None) -> HttpResponse:
    context = {
        "levels": [choice for choice in Level.choices if choice[0] <= settings.MJWEB_HIGHEST_LEVEL],
        "chosen": chosen,
        "error": error,
        "moderates": is_moderator(request.user),
    }
    return render(request, "gallery/my_level.html", context, status=error.status if error else 200)
