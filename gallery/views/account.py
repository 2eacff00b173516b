"""What is one's own of this server: to take along, and to delete."""

from __future__ import annotations

from datetime import UTC, datetime

from allauth.account.decorators import reauthentication_required
from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from gallery.errors import LeavingRefusedError
from gallery.services.exporting import export_of
from gallery.services.leaving import leave
from mjweb.accounts.people import person
from mjweb.common.access import member
from mjweb.common.archives import sent
from mjweb.common.errors import TooManyRequestsError


@member
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """What there is to take along, and the way to it; and the way out."""
    return render(request, "gallery/export.html")


@member
@require_safe
@reauthentication_required  # type: ignore[untyped-decorator]
def download(request: HttpRequest) -> HttpResponseBase:
    """Everything of one's own as a ZIP; the password is asked for once more."""
    response = StreamingHttpResponse(
        sent(export_of(person(request)), in_one_thread=True), content_type="application/zip"
    )
    response["Content-Disposition"] = f'attachment; filename="mjweb-{datetime.now(UTC):%Y-%m-%d}-export.zip"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@sensitive_post_parameters("password")
@member
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest) -> HttpResponse:
    """Deleting the account: what happens then, the password and the name; what is refused says why beside it."""
    if request.method != "POST":
        return _form(request)
    if not ratelimit.consume(request, action="reauthenticate", user=request.user):
        raise TooManyRequestsError(_("Too many passwords were wrong. Wait a minute."))
    typed = request.POST.get("name", "")
    try:
        leave(person(request), password=request.POST.get("password", ""), name=typed)
    except LeavingRefusedError as error:
        return _form(
            request, typed=typed, status=error.status, **{f"{error.fields['parameter']}_refusal": error.sentence}
        )
    logout(request)
    messages.info(request, _("Your account is deleted."))
    return redirect("explore")


def _form(request: HttpRequest, *, status: int = 200, **context: str) -> HttpResponse:
    return render(request, "gallery/leave.html", context, status=status)
