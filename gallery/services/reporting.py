"""Telling moderators that something is not in order."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gallery.errors import CaseNotFoundError, ReportRefusedError, TooManyReportsError
from gallery.models import Reason, Report, TargetKind
from gallery.models.report import MAX_REPORT_CHARS
from gallery.selectors.comments import comment_for
from gallery.selectors.people import person_named
from gallery.targets import Target
from generation.models import Image
from mjweb.accounts.models import User

PER_HOUR: Final = 20
HOUR: Final = timedelta(hours=1)


@transaction.atomic
def report(reporter: User, target: Target, reason: str, text: str = "") -> Report:
    """Report: moderators will look at it. Reporting it again changes the reason, as long as nobody has decided.

    Raises:
        ReportRefusedError: it is one's own, the reason is none, or the text is longer than 1,000 characters.
        TooManyReportsError: it is this person's 21st within an hour.
    """
    _refuse_nonsense(reporter, target, reason, text)
    User.objects.select_for_update().get(pk=reporter.pk)  # two of one person at once are counted one after the other
    earlier = Report.objects.filter(reporter=reporter, **target.columns).first()
    if earlier is None:
        _refuse_haste(reporter)
        return Report.objects.create(reporter=reporter, reason=reason, text=text.strip(), **target.columns)
    if earlier.decision_id is None:
        earlier.reason, earlier.text = reason, text.strip()
        earlier.save(update_fields=["reason", "text"])
    return earlier


def target_for(reporter: User, kind: str, key: str) -> Target:
    """What this person wants to report: a picture or a comment that they may see, or a person by name.

    Raises:
        CaseNotFoundError: there is no such thing, or not for this person. CommentNotFoundError, PersonNotFoundError.
    """
    if kind == TargetKind.PICTURE:
        image = Image.objects.visible_to(reporter).select_related("owner").filter(pk=an_id(key)).first()
        if image is None:
            raise CaseNotFoundError(_("There is no such picture."))
        return Target(TargetKind.PICTURE, image)
    if kind == TargetKind.COMMENT:
        return Target(TargetKind.COMMENT, comment_for(reporter, an_id(key)))
    if kind == TargetKind.PERSON:
        return Target(TargetKind.PERSON, person_named(reporter, key))
    raise CaseNotFoundError(_("There is no such thing."))


def an_id(text: str) -> UUID:
    """An id as an address has it.

    Raises:
        CaseNotFoundError: it is none, so there is nothing of that id.
    """
    try:
        return UUID(text)
    except ValueError as error:
        raise CaseNotFoundError(_("There is no such thing.")) from error


def ask_for_eyes(image: Image) -> None:
    """A report of the server itself: the check of finished pictures has withheld one. Safe to repeat."""
    if not Report.objects.filter(reporter=None, image=image).exists():
        Report.objects.create(reporter=None, image=image, reason=Reason.OTHER)


def ask_for_missed(*, limit: int = 500) -> int:
    """The same for withheld pictures whose signal was lost. Returns how many there were."""
    missed = Image.everything.filter(withheld_at__isnull=False, reports=None, decisions=None)[:limit]
    for image in missed:
        ask_for_eyes(image)
    return len(missed)


def _refuse_nonsense(reporter: User, target: Target, reason: str, text: str) -> None:
    if target.person == reporter:
        raise ReportRefusedError(_("That is your own. Delete it, or keep it to yourself."))
    if reason not in Reason.values:
        raise ReportRefusedError(_("Choose a reason."), parameter="reason")
    if len(text.strip()) > MAX_REPORT_CHARS:
        raise ReportRefusedError(_("Say it in 1,000 characters at most."), parameter="text")


def _refuse_haste(reporter: User) -> None:
    lately = Report.objects.filter(reporter=reporter, created_at__gt=timezone.now() - HOUR).count()
    if lately >= PER_HOUR:
        sentence = _("You have reported %(count)s things within an hour. Go on later.")
        raise TooManyReportsError(
            sentence % {"count": PER_HOUR}, limit=PER_HOUR, retry_after_s=int(HOUR.total_seconds())
        )
