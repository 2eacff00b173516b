"""The operator's rules: written by administrators, tried out by every moderator, each change on the trail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from gallery.errors import RuleNotFoundError, RuleRefusedError
from gallery.models import AuditEntry
from generation.jobs.moderation import Judged, Verdict, judge, rules_in_force
from generation.models import Rule, RuleAction
from mjweb.accounts.models import User

FIELDS: Final = ("name", "patterns", "with_any", "unless", "language", "action", "strikes", "note", "is_active")
LONGEST: Final = {"name": 80, "patterns": 20_000, "with_any": 20_000, "unless": 20_000, "language": 12, "note": 300}
LONGEST_TRIED: Final = 4000


def try_rules(text: str, kept_out: str = "") -> Verdict:
    """What the rules in force would say of a prompt. Nothing is written."""
    return judge(Judged.read(text[:LONGEST_TRIED], kept_out[:LONGEST_TRIED]), rules_in_force())


@transaction.atomic
def keep_rule(administrator: User, rule_id: int | None, values: Mapping[str, Any]) -> Rule:
    """Save: a new rule, or what an old one says from now on.

    Raises:
        RuleNotFoundError: there is no such rule.
        RuleRefusedError: it has no name or another one's, nothing to look for, or takes something from a fixed one.
    """
    rule = _locked(rule_id) if rule_id else Rule()
    before = _told(rule) if rule_id else {}
    check_rule(rule, values)
    for name in FIELDS:
        setattr(rule, name, values[name])
    rule.save()
    if before != _told(rule):
        AuditEntry.note(administrator, "rule", rule, before=before, after=_told(rule))
    return rule


def check_rule(rule: Rule, values: Mapping[str, Any]) -> None:
    """Whether the rule may say this.

    Raises:
        RuleRefusedError: as `keep_rule`.
    """
    _refuse_nonsense(rule, values)
    if rule.is_fixed:
        _refuse_less(rule, values)


@transaction.atomic
def drop_rule(administrator: User, rule_id: int) -> None:
    """Delete.

    Raises:
        RuleNotFoundError: there is no such rule.
        RuleRefusedError: it is fixed.
    """
    rule = _locked(rule_id)
    if rule.is_fixed:
        raise RuleRefusedError(_("This rule belongs to the server and stays."))
    AuditEntry.note(administrator, "drop-rule", rule, before=_told(rule))
    rule.delete()


def _locked(rule_id: int) -> Rule:
    rule = Rule.objects.select_for_update().filter(pk=rule_id).first()
    if rule is None:
        raise RuleNotFoundError(_("There is no such rule."))
    return rule


def _told(rule: Rule) -> dict[str, Any]:
    return {name: getattr(rule, name) for name in FIELDS}


def _refuse_nonsense(rule: Rule, values: Mapping[str, Any]) -> None:
    if too_long := next((name for name, most in LONGEST.items() if len(values[name]) > most), None):
        raise RuleRefusedError(_("This is too long."), parameter=too_long)
    if not values["name"].strip():
        raise RuleRefusedError(_("Give the rule a name."), parameter="name")
    if Rule.objects.filter(name__iexact=values["name"].strip()).exclude(pk=rule.pk).exists():
        raise RuleRefusedError(_("Another rule has this name."), parameter="name")
    if not _lines(values["patterns"]):
        raise RuleRefusedError(_("Say what to look for: one word or phrase per line."), parameter="patterns")
    if values["action"] not in RuleAction.values:
        raise RuleRefusedError(_("Choose what happens."), parameter="action")


def _refuse_less(rule: Rule, values: Mapping[str, Any]) -> None:
    """A fixed rule keeps every word that it has, and finds no further excuse."""
    if not values["is_active"] or values["action"] != rule.action:
        raise RuleRefusedError(_("This rule belongs to the server: it stays on, and blocks."), parameter="action")
    is_less = any(not _lines(getattr(rule, name)) <= _lines(values[name]) for name in ("patterns", "with_any"))
    if is_less or not _lines(values["unless"]) <= _lines(rule.unless):
        raise RuleRefusedError(
            _("This rule belongs to the server: add to it, and take nothing away."), parameter="patterns"
        )


def _lines(text: str) -> set[str]:
    return {line.strip() for line in text.splitlines() if line.strip()}
