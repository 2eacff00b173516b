"""Reporting something, and what one is told about decisions on one's own things."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from gallery.models import Reason
from gallery.roles import is_moderator
from gallery.selectors.moderation import decisions_about, strikes_of
from gallery.services import appealing, reporting
from gallery.targets import Target
from mjweb.accounts.people import person
from mjweb.accounts.suspension import is_suspended, suspension_sentence
from mjweb.common.access import member
from mjweb.common.errors import MjwebError


@member
@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def report(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """The form of a report; posted, it is sent. For htmx a dialog, with the answer in its place."""
    target = reporting.target_for(person(request), kind, key)
    if request.method != "POST":
        return _form(request, target)
    reason, text = request.POST.get("reason", ""), request.POST.get("text", "")
    try:
        reporting.report(person(request), target, reason, text)
    except MjwebError as error:
        return _form(request, target, error=error, reason=reason, text=text)
    return _form(request, target, done=True)


@member
@require_safe
def my_decisions(request: HttpRequest) -> HttpResponse:
    """What moderators decided about one's own things, with the way to appeal."""
    return _decisions(request)


@member
@require_POST
def appeal(request: HttpRequest, decision_id: UUID) -> HttpResponse:
    """Appeal against a decision; what was typed is kept when it is refused."""
    text = request.POST.get("text", "")
    try:
        appealing.appeal(person(request), decision_id, text)
    except MjwebError as error:
        if error.status == 404:  # noqa: PLR2004 - it is not there for this person
            raise
        return _decisions(request, failed={"decision": decision_id, "error": error, "text": text}, status=error.status)
    messages.success(request, _("Your appeal is sent. Another moderator will look at it."))
    return redirect("my-decisions")


def _form(request: HttpRequest, target: Target, *, error: MjwebError | None = None, **typed: Any) -> HttpResponse:
    is_dialog = "HX-Request" in request.headers
    template = "gallery/moderation/_report.html" if is_dialog else "gallery/moderation/report.html"
    context = {
        "target": target,
        "reasons": Reason.choices,
        "error": error,
        "moderates": is_moderator(request.user),
        **typed,
    }
    # htmx shows a refused form in its place only as a success.
    return render(request, template, context, status=200 if error is None or is_dialog else error.status)


def _decisions(request: HttpRequest, *, failed: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    user = person(request)
    context = {
        "decisions": decisions_about(user),
        "strikes": strikes_of(user).count(),
        "suspension": suspension_sentence(user) if is_suspended(user) else "",
        "failed": failed,
    }
    return render(request, "gallery/moderation/my_decisions.html", context, status=status)
