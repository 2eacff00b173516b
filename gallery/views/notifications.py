"""What a person is told of others, and what they want to be told."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from gallery.models import Digest, Notification, NotificationKind
from gallery.selectors.notifications import notifications_of, settings_of, told, where, with_newest_people
from gallery.services import digests, notifying
from mjweb.accounts.people import person
from mjweb.common.access import member, public
from mjweb.common.errors import InvalidInputError


@member
@require_safe
@never_cache  # a step back must not bring lines that were read meanwhile
@vary_on_headers("HX-Request")
def notifications(request: HttpRequest) -> HttpResponse:
    """What others did, the last first; for htmx the lines alone."""
    page = notifications_of(person(request), cursor=request.GET.get("cursor"))
    template = "gallery/_notices.html" if "HX-Request" in request.headers else "gallery/notifications.html"
    return render(request, template, {"page": page, "lines": [(line, told(line)) for line in page.rows]})


@member
@require_safe
@never_cache
def follow_up(request: HttpRequest, notification_id: UUID) -> HttpResponse:
    """Leads to what a line tells of, and takes it as read."""
    line = notifying.open_notification(person(request), notification_id)
    return redirect(where(with_newest_people(Notification.objects.filter(pk=line.pk)).get()))


@member
@require_POST
def mark_read(request: HttpRequest) -> HttpResponse:
    """All of them are read."""
    notifying.mark_read(person(request))
    return redirect("notifications")


@member
@require_http_methods(["GET", "HEAD", "POST"])
def choices(request: HttpRequest) -> HttpResponse:
    """Which kinds are told in the page and by mail, and how often a mail comes."""
    if request.method != "POST":
        return render(request, "gallery/notification_choices.html", _choices(request))
    notifying.choose_notifications(
        person(request),
        in_page=_kinds(request.POST.getlist("in_page")),
        by_mail=_kinds(request.POST.getlist("by_mail")),
        digest=_digest(request.POST.get("digest", "")),
    )
    messages.info(request, _("Your choices are kept."))
    return redirect("notifications")


@csrf_exempt  # a mail program presses the button of RFC 8058, without a page of ours; the address is signed
@public
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """The address at the end of every mail: one press, no sign-in."""
    if request.method == "POST":
        digests.unsubscribe(token)
    else:
        digests.reader(token)
    return render(request, "gallery/unsubscribe.html", {"is_done": request.method == "POST", "token": token})


def _choices(request: HttpRequest) -> dict[str, object]:
    chosen = settings_of(person(request))
    kinds = [
        (kind, kind.label, kind not in chosen.not_in_page, kind not in chosen.not_by_mail) for kind in NotificationKind
    ]
    return {"kinds": kinds, "chosen": chosen, "digests": Digest.choices}


def _kinds(typed: Iterable[str]) -> list[NotificationKind]:
    try:
        return [NotificationKind(kind) for kind in typed]
    except ValueError as error:
        raise InvalidInputError(_("There is no such kind of notification."), parameter="kind") from error


def _digest(typed: str) -> Digest:
    try:
        return Digest(typed)
    except ValueError as error:
        raise InvalidInputError(_("A mail comes never, daily or weekly."), parameter="digest") from error
