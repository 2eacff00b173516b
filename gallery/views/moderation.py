"""The moderators' room: the queue, one case, decisions and appeals."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from gallery.errors import CaseNotFoundError
from gallery.models import Consequence, Decision, Deed
from gallery.roles import moderator
from gallery.selectors import moderation as selectors
from gallery.services import appealing, moderating
from gallery.services.moderating import DEEDS, Ruling
from gallery.targets import Target
from generation.models import Image, Level
from generation.models.image import RENDITION_SIDES_PX
from mjweb.accounts.people import person
from mjweb.common.errors import MjwebError


@moderator
@require_safe
@never_cache
def queue(request: HttpRequest) -> HttpResponse:
    """What waits, oldest first."""
    waiting = selectors.queue()
    context = {"queue": waiting, "cases": [_choices(case) for case in waiting.cases]}
    return render(request, "gallery/moderation/queue.html", context)


@moderator
@require_safe
@never_cache
def case(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """One thing, with what was said and decided about it."""
    return _case(request, selectors.target_of(kind, key))


@moderator
@require_POST
def decide(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Decide; what was chosen and typed is kept when it is refused."""
    target = selectors.target_of(kind, key)
    try:
        decision = moderating.decide(person(request), target, _ruling(request))
    except MjwebError as error:
        return _case(request, target, error=error, typed=request.POST)
    return _decided(request, decision)


@moderator
@require_POST
def undo(request: HttpRequest, decision_id: UUID) -> HttpResponse:
    """Undo a decision."""
    reason = request.POST.get("reason", "") or _("It was a mistake.")
    return _decided(request, moderating.undo_decision(person(request), decision_id, reason))


@moderator
@require_safe
@never_cache
def decisions(request: HttpRequest) -> HttpResponse:
    """Every decision, newest first."""
    page = selectors.decisions_page(cursor=request.GET.get("cursor"))
    return render(request, "gallery/moderation/decisions.html", {"page": page})


@moderator
@require_safe
@never_cache
def appeals(request: HttpRequest) -> HttpResponse:
    """Appeals that wait, oldest first."""
    return _appeals(request)


@moderator
@require_POST
def answer(request: HttpRequest, decision_id: UUID) -> HttpResponse:
    """Answer an appeal: granting it undoes the decision."""
    granted, text = request.POST.get("granted") == "1", request.POST.get("answer", "")
    try:
        appealing.answer_appeal(person(request), decision_id, granted=granted, answer=text)
    except MjwebError as error:
        if error.status == 404:  # noqa: PLR2004 - there is no such appeal
            raise
        return _appeals(request, failed={"decision": decision_id, "error": error, "text": text}, status=error.status)
    return redirect("moderation-appeals")


@moderator
@require_safe
def picture(request: HttpRequest, image_id: UUID, side_px: int) -> HttpResponse:  # noqa: ARG001 - a view's signature
    """The bytes of a picture that a case is about: withheld and private ones too, for nobody else."""
    target = selectors.target_of("picture", str(image_id))
    if side_px not in RENDITION_SIDES_PX or not isinstance(target.thing, Image):
        raise CaseNotFoundError(_("There is no such picture."))
    try:
        with default_storage.open(target.thing.rendition_name(side_px)) as file:
            response = HttpResponse(file.read(), content_type="image/webp")
    except FileNotFoundError as error:
        raise CaseNotFoundError(_("There is no such picture.")) from error
    response["Cache-Control"] = "private, no-store"
    return response


def _choices(case: selectors.Case, **more: Any) -> dict[str, Any]:
    """A case and everything that a moderator may choose from."""
    labels = dict(Deed.choices)
    return {
        "case": case,
        "deeds": [(deed, labels[deed]) for deed in DEEDS[case.target.kind]],
        "levels": Level.choices,
        "consequences": Consequence.choices,
        **more,
    }


def _case(request: HttpRequest, target: Target, *, error: MjwebError | None = None, **more: Any) -> HttpResponse:
    context = _choices(selectors.case_of(target), error=error, **more)
    if "HX-Request" in request.headers:
        return render(request, "gallery/moderation/_case.html", context)
    return render(request, "gallery/moderation/case.html", context, status=error.status if error else 200)


def _ruling(request: HttpRequest) -> Ruling:
    """What was chosen, as far as it can be read; the service says what is missing."""
    values = request.POST
    return Ruling(
        deed=values.get("deed", ""),
        reason=values.get("reason", ""),
        level=_number(values.get("level", "")),
        consequence=values.get("consequence", Consequence.NONE),
        days=_number(values.get("days", "")),
        last=values.get("last"),
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None  # noqa: PLR2004 - a small number


def _decided(request: HttpRequest, decision: Decision) -> HttpResponse:
    if "HX-Request" in request.headers:
        return render(request, "gallery/moderation/_decided.html", {"decision": decision})
    return redirect("moderation")


def _appeals(request: HttpRequest, *, failed: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    waiting = selectors.waiting_appeals()
    context = {"appeals": waiting, "failed": failed, "user_pk": request.user.pk}
    return render(request, "gallery/moderation/appeals.html", context, status=status)
