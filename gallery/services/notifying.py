"""Telling people what others did: lines that grow until they are read, and a word to their open pages.

Nobody is told of what they did themselves, or of people whom they have blocked or muted or who have blocked them.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gallery.models import Block, Mute, Notification, NotificationKind, NotificationPerson, NotificationSettings
from gallery.models.notification import Digest
from gallery.selectors.notifications import settings_of, unread_count
from generation.events.publish import publish
from generation.events.types import Noticed
from generation.models import Image
from mjweb.accounts.models import User
from mjweb.common.errors import NotFoundError

ONCE: Final = frozenset({NotificationKind.LIKED, NotificationKind.FOLLOWED})
"""Kinds of which the same person is told of once: taking a like back and giving it anew is no news."""


@transaction.atomic
def tell(
    recipient: User, kind: NotificationKind, *, person: User | None, image: Image | None = None, target: str = ""
) -> None:
    """Adds to a line of this person's notifications that is not read yet, or begins one.

    person: who did it; None where it was done in the name of the house. target: what the line leads to, beside `image`.

    Effects: after commit the open pages of the recipient show how much is unread.
    """
    if person is not None and _is_silent(recipient, person):
        return
    line = Notification(recipient=recipient, kind=kind, image=image, target=target, updated_at=timezone.now())
    line.group_key = _group_key(line)
    chosen = settings_of(recipient)
    line.in_page, line.by_mail = kind not in chosen.not_in_page, kind not in chosen.not_by_mail
    if (line.in_page or line.by_mail) and not (kind in ONCE and _was_told(line, person)):
        _write(line, person)


@transaction.atomic
def mark_read(person: User, ids: Collection[UUID] | None = None) -> int:
    """Read: these lines, or all of them. Returns how many were not read before.

    Effects: after commit this person's open pages show how much is still unread.
    """
    lines = Notification.objects.filter(recipient=person).unread()
    changed = (lines if ids is None else lines.filter(pk__in=ids)).update(read_at=timezone.now())
    if changed:
        transaction.on_commit(partial(announce, person))
    return changed


def open_notification(person: User, notification_id: UUID) -> Notification:
    """One line, which is read from now on.

    Raises:
        NotFoundError: no such line of this person.
    """
    line = Notification.objects.of(person).select_related("image").filter(pk=notification_id).first()
    if line is None:
        raise NotFoundError(_("There is no such notification of yours."))
    mark_read(person, [notification_id])
    return line


def choose_notifications(
    person: User, *, in_page: Collection[str], by_mail: Collection[str], digest: str
) -> NotificationSettings:
    """Keeps which kinds are told in the page and by mail, and how often a mail comes.

    What is already told stays as it is.
    """
    kinds = NotificationKind.values
    chosen, _is_new = NotificationSettings.objects.update_or_create(
        person=person,
        defaults={
            "not_in_page": [kind for kind in kinds if kind not in in_page],
            "not_by_mail": [kind for kind in kinds if kind not in by_mail],
            "digest": Digest(digest),
            "language": get_language() or "",
        },
    )
    return chosen


def forget_between(person: User, other: User) -> None:
    """Takes out of each one's notifications what the other did."""
    for recipient, doer in ((person, other), (other, person)):
        forget_doer(doer, of=recipient)
        transaction.on_commit(partial(announce, recipient))


def forget_doer(doer: User, *, of: User | None = None) -> None:
    """Takes a person out of the lines of everybody, or of one; a line that tells of nobody any more goes."""
    told = NotificationPerson.objects.filter(person=doer)
    if of is not None:
        told = told.filter(notification__recipient=of)
    lines = Notification.objects.filter(pk__in=list(told.values_list("notification", flat=True)))
    told.delete()
    lines.update(people_count=F("people_count") - 1)
    lines.filter(people_count=0).delete()


def sweep_notifications(*, limit: int = 5000) -> int:
    """Removes lines that nothing was added to for ninety days, at most `limit`. Returns how many there were."""
    old = list(Notification.objects.outdated().order_by("updated_at").values_list("pk", flat=True)[:limit])
    _rows, by_model = Notification.objects.filter(pk__in=old).delete()
    return by_model.get("gallery.Notification", 0)


def announce(person: User) -> None:
    """Tells the open pages of this person how much is unread."""
    publish(Noticed(unread=unread_count(person)), owner_id=person.pk)


def _write(line: Notification, person: User | None) -> None:
    """Joins the unread line of the same group, or begins with this one."""
    told: dict[str, Any] = {
        "kind": line.kind,
        "image": line.image,
        "target": line.target,
        "updated_at": line.updated_at,
    }
    told |= {"in_page": line.in_page, "by_mail": line.by_mail}
    kept, _is_new = Notification.objects.get_or_create(
        recipient=line.recipient, group_key=line.group_key, read_at=None, defaults=told
    )
    same = Notification.objects.filter(pk=kept.pk)
    if person is not None and NotificationPerson.objects.get_or_create(notification=kept, person=person)[1]:
        same.update(people_count=F("people_count") + 1)
    same.update(**told)
    transaction.on_commit(partial(announce, line.recipient))


def _group_key(line: Notification) -> str:
    """What joins a line: the same picture; for what leads to a thing of its own, that thing."""
    if line.kind == NotificationKind.DECIDED:
        return f"{line.kind}:{line.target}"
    return f"{line.kind}:{line.image_id}" if line.image_id else line.kind


def _is_silent(recipient: User, person: User) -> bool:
    if recipient == person or not recipient.is_active:
        return True
    muted = Mute.objects.filter(person=recipient, muted=person)
    return muted.exists() or Block.objects.between(recipient, person).exists()


def _was_told(line: Notification, person: User | None) -> bool:
    told = NotificationPerson.objects.filter(person=person)
    return told.filter(notification__recipient=line.recipient, notification__group_key=line.group_key).exists()
