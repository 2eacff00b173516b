"""What whoever runs the server looks at: the trail, and how the server does."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gallery.roles import administrator
from gallery.selectors.dashboard import SPANS, dashboard
from gallery.selectors.moderation import TrailFilter, trail, trail_actions

LONGEST_DAYS = 3650


@administrator
@require_safe
@never_cache
def audit(request: HttpRequest) -> HttpResponse:
    """The trail, newest first, as the filters say."""
    days = request.GET.get("days", "")
    wanted = TrailFilter(
        who=request.GET.get("who", "").strip(),
        action=request.GET.get("action", "").strip(),
        about=request.GET.get("about", "").strip(),
        days=min(int(days), LONGEST_DAYS) if days.isascii() and days.isdigit() else 0,
    )
    context = {
        "page": trail(wanted, cursor=request.GET.get("cursor")),
        "wanted": wanted,
        "actions": trail_actions(),
        "kept": urlencode({"who": wanted.who, "action": wanted.action, "about": wanted.about, "days": wanted.days}),
    }
    return render(request, "gallery/moderation/trail.html", context)


@administrator
@require_safe
@never_cache
def overview(request: HttpRequest) -> HttpResponse:
    """How the server does, as plots and tables; `span` is day, week or month."""
    span = request.GET.get("span", "day")
    shown = dashboard(span if span in SPANS else "day")
    return render(request, "gallery/moderation/dashboard.html", {"dashboard": shown, "spans": SPANS})
