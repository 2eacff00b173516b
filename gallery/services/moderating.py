"""What moderators decide about reports, and taking it back: one decision, one transaction, one line of the trail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gallery.errors import DecisionNotFoundError, DecisionRefusedError, DecisionTakenError
from gallery.models import AuditEntry, Comment, Consequence, Decision, Deed, Publication, Report, Strike, TargetKind
from gallery.models.decision import MAX_REASON_CHARS
from gallery.signals import decided
from gallery.targets import Target, Thing
from generation.models import Image, Job, Level
from generation.signals import visibility_changed
from mjweb.accounts.models import FOR_GOOD, User

LONGEST_SUSPENSION_DAYS: Final = 365
DEEDS: Final[Mapping[str, tuple[str, ...]]] = {
    TargetKind.PICTURE: (Deed.KEEP, Deed.LEVEL, Deed.WITHHOLD),
    TargetKind.COMMENT: (Deed.KEEP, Deed.WITHHOLD),
    TargetKind.PERSON: (Deed.KEEP,),
}
"""What can be done with each kind of thing."""
State = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What a moderator has chosen.

    level: of a picture, for `Deed.LEVEL`. days: of a suspension. reason: the person reads it.
    last: the newest decision about the thing that the moderator has seen, empty for none; None looks at nothing.
    """

    deed: str
    reason: str
    level: int | None = None
    consequence: str = Consequence.NONE
    days: int | None = None
    last: str | None = None


@transaction.atomic
def decide(moderator: User, target: Target, ruling: Ruling) -> Decision:
    """Decide: does with the thing and its person what the ruling says, and closes every report about it.

    Whatever leaves a picture shown also shows one that was withheld.

    Effects: after commit the person is told.

    Raises:
        DecisionRefusedError: the ruling says nothing that can be done, or it is about the moderator's own.
        DecisionTakenError: somebody else was quicker.
    """
    person = _person_of(target)
    _refuse_own(moderator, person, ruling)
    _refuse_nonsense(target, ruling)
    User.objects.select_for_update().get(pk=person.pk)  # two moderators at once decide one after the other
    _refuse_late(target, person, ruling)
    decision = Decision.objects.create(
        kind=target.kind,
        person=person,
        moderator=moderator,
        deed=ruling.deed,
        level=ruling.level if ruling.deed == Deed.LEVEL else None,
        consequence=ruling.consequence,
        days=ruling.days if ruling.consequence == Consequence.SUSPEND else None,
        reason=ruling.reason.strip(),
        **({} if target.kind == TargetKind.PERSON else target.columns),
    )
    _carry_out(decision, target, person)
    Report.objects.waiting().filter(**target.columns).update(decision=decision)
    _note(moderator, "decide", decision)
    transaction.on_commit(partial(decided.send_robust, sender=Decision, decision=decision))
    return decision


@transaction.atomic
def undo_decision(moderator: User, decision_id: UUID, reason: str) -> Decision:
    """Undo: brings back what the decision changed, as far as nothing else has changed it since, and lifts its strike.

    Effects: after commit the person is told.

    Raises:
        DecisionNotFoundError: there is none.
        DecisionRefusedError: it is about the moderator's own, or no reason is given.
        DecisionTakenError: it was undone before.
    """
    decision = Decision.objects.select_for_update().filter(pk=decision_id).first()
    if decision is None:
        raise DecisionNotFoundError(_("There is no such decision."))
    if decision.person_id == moderator.pk:
        raise DecisionRefusedError(_("Somebody else has to decide about you."))
    if decision.undone_at is not None:
        raise DecisionTakenError(_("This decision was undone before."))
    take_back(moderator, decision, _a_reason(reason))
    transaction.on_commit(partial(decided.send_robust, sender=Decision, decision=decision))
    return decision


def take_back(moderator: User, decision: Decision, reason: str) -> None:
    """Undoes a locked decision, within the caller's transaction."""
    target = Target.of(decision)
    if target is not None and target.kind != TargetKind.PERSON:
        _restore(target.thing, decision.before.get("thing", {}), decision.before.get("thing_set", {}))
    _restore(decision.person, decision.before.get("person", {}), decision.before.get("person_set", {}))
    Strike.objects.filter(decision=decision, lifted_at=None).update(lifted_at=timezone.now())
    decision.undone_at, decision.undone_by = timezone.now(), moderator
    decision.save(update_fields=["undone_at", "undone_by"])
    _note(moderator, "undo", decision, reason=reason)


@transaction.atomic
def strike_for_prompt(job: Job, reason: str) -> Decision:
    """A strike for a prompt that a rule blocked. It is a decision of the server itself: there is an appeal.

    Calling it again for the same job changes nothing.

    Effects: after commit the person is told.
    """
    earlier = Strike.objects.filter(job=job).select_related("decision").first()
    if earlier is not None and earlier.decision is not None:
        return earlier.decision
    decision = Decision.objects.create(
        kind=TargetKind.PERSON,
        person=job.owner,
        deed=Deed.KEEP,
        consequence=Consequence.STRIKE,
        reason=reason[:MAX_REASON_CHARS],
    )
    _carry_out(decision, Target(TargetKind.PERSON, job.owner), job.owner)
    Strike.objects.filter(decision=decision).update(job=job)
    _note(None, "decide", decision)
    transaction.on_commit(partial(decided.send_robust, sender=Decision, decision=decision))
    return decision


def _carry_out(decision: Decision, target: Target, person: User) -> None:
    """Changes thing and person, and writes down what they were before."""
    before: dict[str, State] = {}
    target.thing.refresh_from_db()
    before["thing"], before["thing_set"] = _change(target.thing, _thing_set(decision, target.thing))
    person.refresh_from_db(fields=["suspended_until", "suspension_reason"])
    before["person"], before["person_set"] = _change(person, _person_set(decision, person))
    decision.before = before
    decision.save(update_fields=["before"])


def _thing_set(decision: Decision, thing: Thing) -> State:
    """What the deed changes of the thing."""
    if isinstance(thing, Image):
        if decision.deed == Deed.WITHHOLD:
            return {"withheld_at": thing.withheld_at or timezone.now()}
        return {"withheld_at": None, **({"level": decision.level} if decision.deed == Deed.LEVEL else {})}
    if isinstance(thing, Comment):
        return {"hidden_at": (thing.hidden_at or timezone.now()) if decision.deed == Deed.WITHHOLD else None}
    return {}


def _person_set(decision: Decision, person: User) -> State:
    """What the consequence changes of the person; enough strikes suspend by themselves."""
    until = None
    if decision.consequence == Consequence.BAN:
        until = FOR_GOOD
    elif decision.consequence == Consequence.SUSPEND:
        until = timezone.now() + timedelta(days=decision.days or settings.MJWEB_SUSPEND_DAYS)
    elif decision.consequence == Consequence.STRIKE:
        Strike.objects.create(person=person, decision=decision, reason=decision.reason)
        until = _enough_strikes(person)
    if until is None or (person.suspended_until is not None and person.suspended_until >= until):
        return {}
    return {"suspended_until": until, "suspension_reason": decision.reason}


def _enough_strikes(person: User) -> datetime | None:
    """Until when so many strikes suspend; None while they are too few."""
    most = settings.MJWEB_STRIKES
    standing = Strike.objects.standing(days=settings.MJWEB_STRIKE_DAYS).filter(person=person).count()
    return timezone.now() + timedelta(days=settings.MJWEB_SUSPEND_DAYS) if most and standing >= most else None


def _change(row: Thing, values: State) -> tuple[State, State]:
    """Writes the values; what was there before, and what is there now, as plain JSON."""
    before = {name: getattr(row, name) for name in values}
    if before != values:
        _write(row, values)
    return _plain(before), _plain(values)


def _restore(row: Thing, before: State, changed: State) -> None:
    """What was there before, where it is still as the decision left it."""
    row.refresh_from_db(fields=list(changed)) if changed else None
    kept = {name: before[name] for name, value in changed.items() if _plain_value(getattr(row, name)) == value}
    values = {name: _read(name, value) for name, value in kept.items()}
    if values:
        _write(row, values)


def _write(row: Thing, values: State) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    rows: Any = type(row)._base_manager  # noqa: SLF001 - also what lies in the trash
    rows.filter(pk=row.pk).update(**values)
    if isinstance(row, Image):
        transaction.on_commit(partial(visibility_changed.send_robust, sender=Publication, images=[row]))


def _plain(values: State) -> State:
    return {name: _plain_value(value) for name, value in values.items()}


def _plain_value(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _read(name: str, value: Any) -> Any:
    is_moment = isinstance(value, str) and name.endswith(("_at", "_until"))
    return datetime.fromisoformat(value) if is_moment else value


def _person_of(target: Target) -> User:
    if target.person is None:
        raise DecisionRefusedError(_("Whoever said this has left."))
    return target.person


def _refuse_own(moderator: User, person: User, ruling: Ruling) -> None:
    if person == moderator:
        raise DecisionRefusedError(_("Somebody else has to decide about you."))
    if person.is_superuser and ruling.consequence != Consequence.NONE and not moderator.is_superuser:
        raise DecisionRefusedError(_("Only an administrator decides about administrators."))


def _refuse_late(target: Target, person: User, ruling: Ruling) -> None:
    made = Decision.objects.filter(person=person).order_by("-created_at")
    newest = next((str(one.pk) for one in made if target.is_of(one)), "")
    if ruling.last is not None and ruling.last != newest:
        raise DecisionTakenError(_("Somebody has decided about this meanwhile. Look at it again."))


def _refuse_nonsense(target: Target, ruling: Ruling) -> None:
    if ruling.deed not in DEEDS[target.kind]:
        raise DecisionRefusedError(_("Choose what to do with it."), parameter="deed")
    if ruling.deed == Deed.LEVEL and ruling.level not in Level.values:
        raise DecisionRefusedError(_("Choose a level."), parameter="level")
    if ruling.consequence not in Consequence.values:
        raise DecisionRefusedError(_("Choose what it costs the person."), parameter="consequence")
    if ruling.consequence == Consequence.SUSPEND and not 1 <= (ruling.days or 0) <= LONGEST_SUSPENSION_DAYS:
        raise DecisionRefusedError(_("A suspension takes 1 to 365 days."), parameter="days")
    _a_reason(ruling.reason)


def _a_reason(text: str) -> str:
    if not 0 < len(text.strip()) <= MAX_REASON_CHARS:
        raise DecisionRefusedError(_("Give a reason of 1 to 500 characters: the person reads it."), parameter="reason")
    return text.strip()


def _note(moderator: User | None, action: str, decision: Decision, *, reason: str = "") -> None:
    before = {**decision.before.get("thing", {}), **decision.before.get("person", {})}
    after = {**decision.before.get("thing_set", {}), **decision.before.get("person_set", {})}
    AuditEntry.note(
        moderator,
        action,
        decision,
        person_name=decision.person.username,
        reason=reason or decision.reason,
        before=before if action == "decide" else after,
        after={**after, "deed": decision.deed, "consequence": decision.consequence} if action == "decide" else before,
    )
