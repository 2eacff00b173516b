"""People who may read and take their things along for a while, and do nothing else."""

from __future__ import annotations

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from mjweb.accounts.models import FOR_GOOD, User
from mjweb.common.errors import MjwebError
from mjweb.common.saying import sayable


class SuspendedError(MjwebError):
    """This person may not make, say or show anything at present."""

    code = "suspended"
    status = 403
    title = sayable("Your account is suspended")


def is_suspended(person: User) -> bool:
    """Whether it is so at this moment."""
    return person.suspended_until is not None and person.suspended_until > timezone.now()


def refuse_suspended(person: User) -> None:
    """Every service begins with it that makes, says or shows something in somebody's name.

    Raises:
        SuspendedError: until when, and why.
    """
    if not is_suspended(person):
        return
    until = None if person.suspended_until == FOR_GOOD else person.suspended_until
    sentence = suspension_sentence(person)
    raise SuspendedError(sentence, until=until and until.isoformat(), reason=person.suspension_reason)


def suspension_sentence(person: User) -> str:
    """Until when and why, for the person; the account must be suspended."""
    if person.suspended_until is None or person.suspended_until == FOR_GOOD:
        said = _("Your account is banned: you can look around and take your pictures along, and nothing else.")
    else:
        said = _(
            "Your account is suspended until %(until)s UTC: you can look around and take your pictures along, and "
            "nothing else."
        ) % {"until": date_format(person.suspended_until, _("j M Y, H:i"))}
    if not person.suspension_reason:
        return said
    return f"{said} {_('Reason: %(reason)s') % {'reason': person.suspension_reason}}"
