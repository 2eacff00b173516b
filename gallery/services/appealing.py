"""What people say to a decision about them, and what becomes of it."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from gallery.errors import DecisionNotFoundError, DecisionRefusedError, DecisionTakenError
from gallery.models import Appeal, AuditEntry, Decision
from gallery.models.decision import MAX_APPEAL_CHARS, MAX_REASON_CHARS
from gallery.roles import MODERATE
from gallery.services.moderating import take_back
from gallery.signals import decided
from mjweb.accounts.models import User


@transaction.atomic
def appeal(person: User, decision_id: UUID, text: str) -> Appeal:
    """Appeal, once: another moderator looks at the decision, where there is one.

    Raises:
        DecisionNotFoundError: there is none about this person.
        DecisionTakenError: they have appealed before, or there is nothing to appeal against.
        DecisionRefusedError: it says nothing, or more than 2,000 characters.
    """
    decision = Decision.objects.select_for_update().filter(pk=decision_id, person=person).first()
    if decision is None:
        raise DecisionNotFoundError(_("There is no such decision about you."))
    if not decision.may_be_appealed:
        raise DecisionTakenError(_("There is nothing more to say to this decision."))
    if not 0 < len(text.strip()) <= MAX_APPEAL_CHARS:
        raise DecisionRefusedError(_("Say it in 1 to 2,000 characters."), parameter="text")
    made = Appeal.objects.create(decision=decision, text=text.strip())
    AuditEntry.note(person, "appeal", decision, person_name=person.username, reason=made.text[:MAX_REASON_CHARS])
    return made


@transaction.atomic
def answer_appeal(moderator: User, decision_id: UUID, *, granted: bool, answer: str) -> Appeal:
    """Answer: granting it undoes the decision.

    Effects: after commit the person is told.

    Raises:
        DecisionNotFoundError: nobody has appealed against it.
        DecisionTakenError: somebody has answered meanwhile.
        DecisionRefusedError: it is one's own decision and there are other moderators, or no answer is given.
    """
    waiting = Appeal.objects.select_for_update(of=("self",)).select_related("decision__person")
    made = waiting.filter(decision=decision_id).first()
    if made is None:
        raise DecisionNotFoundError(_("Nobody has appealed against such a decision."))
    if made.is_granted is not None:
        raise DecisionTakenError(_("Somebody has answered this appeal meanwhile."))
    refuse_judging_oneself(moderator, made.decision)
    if not 0 < len(answer.strip()) <= MAX_REASON_CHARS:
        raise DecisionRefusedError(_("Give an answer of 1 to 500 characters: the person reads it."), parameter="answer")
    made.is_granted, made.answer = granted, answer.strip()
    made.decided_by, made.decided_at = moderator, timezone.now()
    made.save(update_fields=["is_granted", "answer", "decided_by", "decided_at"])
    _carry_out(moderator, made)
    transaction.on_commit(partial(decided.send_robust, sender=Decision, decision=made.decision))
    return made


def refuse_judging_oneself(moderator: User, decision: Decision) -> None:
    """Nobody answers the appeal against their own decision, unless they are the only moderator.

    Raises:
        DecisionRefusedError: somebody else has to.
    """
    is_theirs = moderator.pk == decision.person_id
    if is_theirs or (moderator.pk == decision.moderator_id and others_beside(moderator, decision)):
        raise DecisionRefusedError(_("Another moderator has to answer this appeal."))


def others_beside(moderator: User, decision: Decision) -> bool:
    """Whether anybody else could answer it."""
    app, codename = MODERATE.split(".")
    named = Permission.objects.filter(content_type__app_label=app, codename=codename)
    keep_order = Q(is_superuser=True) | Q(user_permissions__in=named) | Q(groups__permissions__in=named)
    others = User.objects.filter(keep_order, is_active=True).exclude(pk__in=[moderator.pk, decision.person_id])
    return others.exists()


def _carry_out(moderator: User, made: Appeal) -> None:
    if made.is_granted and made.decision.undone_at is None:
        take_back(moderator, made.decision, made.answer)
    AuditEntry.note(
        moderator,
        "grant" if made.is_granted else "refuse",
        made.decision,
        person_name=made.decision.person.username,
        reason=made.answer,
    )
