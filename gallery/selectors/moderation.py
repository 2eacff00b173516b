"""What moderators read: the queue by cases, the history of a person, appeals, and the trail."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from gallery.errors import CaseNotFoundError
from gallery.models import Appeal, AuditEntry, Comment, Decision, Report, Strike, TargetKind
from gallery.targets import Target
from generation.models import Image
from mjweb.accounts.models import User
from mjweb.common.pagination import Page, keyset_page

QUEUE_SIZE: Final = 20
READ_AT_MOST: Final = 500
"""Reports that one look at the queue reads; many about one thing are one case."""
HISTORY_SIZE: Final = 10
DECISIONS_SIZE: Final = 40
TRAIL_SIZE: Final = 100


@dataclass(frozen=True, slots=True)
class Case:
    """One thing, what was said about it, and what its person did before.

    reports: oldest first. decisions: about this thing and this person, newest first. strikes: that stand.
    last: the newest decision about this very thing, for noticing that somebody else was quicker; empty for none.
    """

    target: Target
    reports: list[Report] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    strikes: int = 0
    last: str = ""

    @property
    def person(self) -> User | None:
        """Whose thing it is."""
        return self.target.person

    @property
    def image(self) -> Image | None:
        """The picture, where it is about one, or the one below which a comment stands."""
        if isinstance(self.target.thing, Image):
            return self.target.thing
        return self.target.thing.publication.image if isinstance(self.target.thing, Comment) else None


@dataclass(frozen=True, slots=True)
class Queue:
    """The first cases, oldest first. waiting: how many reports wait. appeals: how many appeals wait."""

    cases: list[Case]
    waiting: int
    appeals: int


def queue() -> Queue:
    """What waits for a moderator, one case for each thing, whoever was reported first before."""
    waiting = _whole(Report.objects.waiting()).order_by("created_at", "pk")[:READ_AT_MOST]
    grouped: dict[tuple[str, UUID | int], Case] = {}
    for one in waiting:
        target = Target.of(one)
        if target is not None:
            grouped.setdefault((target.kind, target.key), Case(target)).reports.append(one)
    return Queue(
        cases=_with_history(list(grouped.values())[:QUEUE_SIZE]),
        waiting=Report.objects.waiting().count(),
        appeals=Appeal.objects.filter(is_granted=None).count(),
    )


def case_of(target: Target) -> Case:
    """Everything about one thing, reports that are closed left out."""
    reports = list(_whole(Report.objects.waiting().filter(**target.columns)).order_by("created_at", "pk"))
    return _with_history([Case(target, reports)])[0]


def target_of(kind: str, key: str) -> Target:
    """A thing that moderators may look at: whatever was reported or decided about, and what everybody may see.

    Raises:
        CaseNotFoundError: there is none.
    """
    found: Image | Comment | User | None = None
    if kind == TargetKind.PICTURE and (pk := _an_id(key)):
        shown = Q(visibility__in=["public", "unlisted"]) | Q(reports__isnull=False) | Q(decisions__isnull=False)
        pictures = Image.everything.filter(shown, pk=pk).select_related("owner", "job")
        found = pictures.first()
    elif kind == TargetKind.COMMENT and (pk := _an_id(key)):
        found = Comment.objects.filter(pk=pk).select_related("author", "publication__image__job").first()
    elif kind == TargetKind.PERSON:
        found = User.objects.filter(username__iexact=key).first()
    if found is None:
        raise CaseNotFoundError(_("There is no such thing."))
    return Target(TargetKind(kind), found)


def strikes_of(person: User) -> QuerySet[Strike]:
    """The strikes that still count."""
    return Strike.objects.standing(days=settings.MJWEB_STRIKE_DAYS).filter(person=person)


def waiting_appeals() -> list[Appeal]:
    """Appeals that nobody has answered, oldest first."""
    people = ("decision__person", "decision__moderator", "decision__image__job", "decision__comment")
    return list(Appeal.objects.filter(is_granted=None).select_related(*people).order_by("created_at")[:QUEUE_SIZE])


def decisions_about(person: User) -> list[Decision]:
    """What was decided about this person, newest first, as far as it took something from them."""
    made = Decision.objects.filter(person=person).select_related("image__job", "comment", "appeal")
    return [one for one in made.order_by("-created_at")[:DECISIONS_SIZE] if one.is_burden]


def decisions_page(*, cursor: str | None = None) -> Page[Decision]:
    """Every decision, newest first.

    Raises:
        InvalidInputError: the cursor is not one of ours.
    """
    made = Decision.objects.select_related("person", "moderator", "image", "comment", "undone_by")
    return keyset_page(made, cursor=cursor, size=DECISIONS_SIZE)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailFilter:
    """What lines of the trail are wanted; empty for any. days: of the last so many; 0 for all."""

    who: str = ""
    action: str = ""
    about: str = ""
    days: int = 0


def trail(wanted: TrailFilter, *, cursor: str | None = None) -> Page[AuditEntry]:
    """Lines of the trail, newest first.

    Raises:
        InvalidInputError: the cursor is not one of ours.
    """
    lines = AuditEntry.objects.all()
    if wanted.who:
        lines = lines.filter(actor_name__iexact=wanted.who)
    if wanted.action:
        lines = lines.filter(action=wanted.action)
    if wanted.about:
        lines = lines.filter(Q(person_name__iexact=wanted.about) | Q(target_id=wanted.about))
    if wanted.days:
        lines = lines.filter(at__gte=timezone.now() - timedelta(days=wanted.days))
    return keyset_page(lines, cursor=cursor, size=TRAIL_SIZE, order="-at")


def trail_actions() -> list[str]:
    """Every action that the trail knows."""
    return list(AuditEntry.objects.order_by("action").values_list("action", flat=True).distinct())


def _whole(reports: QuerySet[Report]) -> QuerySet[Report]:
    """With everything that a case shows."""
    return reports.select_related(
        "reporter", "image__owner", "image__job", "comment__author", "comment__publication__image__job", "person"
    )


def _with_history(cases: list[Case]) -> list[Case]:
    """The same cases with what is known of their people, in two queries."""
    people = {case.person.pk for case in cases if case.person is not None}
    decisions = Decision.objects.filter(person__in=people).select_related("moderator").order_by("-created_at")
    strikes = Strike.objects.standing(days=settings.MJWEB_STRIKE_DAYS).filter(person__in=people)
    return [_told(case, list(decisions), list(strikes)) for case in cases] if people else cases


def _told(case: Case, decisions: Iterable[Decision], strikes: Iterable[Strike]) -> Case:
    about = case.person.pk if case.person else None
    own = [one for one in decisions if one.person_id == about]
    counting = sum(1 for one in strikes if one.person_id == about)
    last = next((str(one.pk) for one in own if case.target.is_of(one)), "")
    return Case(case.target, case.reports, own[:HISTORY_SIZE], counting, last)


def _an_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
