"""The rules of prompts: read and tried by moderators, written by administrators."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gallery.errors import RuleNotFoundError
from gallery.roles import administrator, moderator
from gallery.services import ruling
from generation.models import PictureLabel, Rule, RuleAction
from mjweb.accounts.people import person
from mjweb.common.errors import MjwebError


@moderator
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """Every rule, and a box to try them: `text`, and `no` for what the prompt keeps out."""
    text, kept_out = request.GET.get("text", ""), request.GET.get("no", "")
    context = {
        "rules": Rule.objects.all(),
        "labels": PictureLabel.objects.all(),
        "text": text,
        "kept_out": kept_out,
        "verdict": ruling.try_rules(text, kept_out) if text or kept_out else None,
    }
    template = "_tried.html" if "HX-Request" in request.headers else "rules.html"
    return render(request, f"gallery/moderation/{template}", context)


@administrator
@require_http_methods(["GET", "HEAD", "POST"])
def rule(request: HttpRequest, rule_id: int | None = None) -> HttpResponse:
    """One rule, or a new one; what was typed is kept when it is refused."""
    known = Rule.objects.filter(pk=rule_id).first() if rule_id else Rule()
    if known is None:
        raise RuleNotFoundError(_("There is no such rule."))
    if request.method != "POST":
        return _form(request, known)
    values = _values(request)
    try:
        ruling.keep_rule(person(request), rule_id, values)
    except MjwebError as error:
        return _form(request, Rule(pk=known.pk, is_fixed=known.is_fixed, **values), error=error)
    return redirect("moderation-rules")


@administrator
@require_POST
def drop(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Delete a rule."""
    ruling.drop_rule(person(request), rule_id)
    return redirect("moderation-rules")


def _values(request: HttpRequest) -> dict[str, Any]:
    texts = {name: request.POST.get(name, "").strip() for name in ruling.FIELDS}
    return {**texts, "strikes": "strikes" in request.POST, "is_active": "is_active" in request.POST}


def _form(request: HttpRequest, rule: Rule, *, error: MjwebError | None = None) -> HttpResponse:
    context = {"rule": rule, "actions": RuleAction.choices, "error": error}
    return render(request, "gallery/moderation/rule.html", context, status=error.status if error else 200)
