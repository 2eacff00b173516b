"""Unread notifications by mail, once a day or a week, for those who wish it."""

from __future__ import annotations

import logging
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from urllib.parse import urljoin

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gallery.models import Digest, Notification, NotificationSettings
from gallery.models.notification import NotificationQuerySet
from gallery.selectors.notifications import told, with_newest_people
from mjweb.accounts.models import User
from mjweb.common.errors import NotFoundError

log = logging.getLogger(__name__)
MOST_LINES: Final = 20
SALT: Final = "gallery.digest"
DAYS: Final = {Digest.DAILY: 1, Digest.WEEKLY: 7}


def send_digests(*, limit: int = 200) -> int:
    """Sends the mails of this day, and on or after Monday those of this week, at most `limit`. Returns how many went.

    One mail per person and period, however many sweeps run: each claims the person's period before it sends. A mail
    server that refuses gives the period back, and the next sweep tries again. Who has nothing unread gets no mail.
    """
    today = timezone.now().date()
    due = Q()
    for digest in DAYS:
        due |= Q(digest=digest) & (Q(digest_for=None) | Q(digest_for__lt=first_day(digest, today)))
    waiting = NotificationSettings.objects.filter(due, person__is_active=True).exclude(person__email="")
    return sum(_send(chosen, today) for chosen in waiting.select_related("person").order_by("pk")[:limit])


def first_day(digest: Digest, today: date) -> date:
    """The day with which the present period begins: today, or this week's Monday."""
    return today - timedelta(days=today.weekday()) if digest == Digest.WEEKLY else today


def unsubscribe(token: str) -> User:
    """No more mails to whom this token was sent. Repeating it changes nothing.

    Raises:
        NotFoundError: we have signed no such token.
    """
    person = reader(token)
    NotificationSettings.objects.filter(person=person).update(digest=Digest.NEVER)
    return person


def reader(token: str) -> User:
    """Whom this token was sent to.

    Raises:
        NotFoundError: we have signed no such token, or they have left.
    """
    try:
        return User.objects.get(pk=signing.loads(token, salt=SALT))
    except (signing.BadSignature, User.DoesNotExist) as error:
        raise NotFoundError(_("There is no page at this address.")) from error


def _send(chosen: NotificationSettings, today: date) -> bool:
    """Claims the period, then sends what was added within the last one."""
    period, before = first_day(Digest(chosen.digest), today), chosen.digest_for
    same = NotificationSettings.objects.filter(pk=chosen.pk, digest=chosen.digest, digest_for=before)
    if not same.update(digest_for=period):
        return False
    since = datetime.combine(period - timedelta(days=DAYS[Digest(chosen.digest)]), time.min, tzinfo=UTC)
    unread = Notification.objects.of(chosen.person).unread().filter(by_mail=True, updated_at__gte=since)
    if not unread.exists():
        return False
    try:
        return bool(_mail(chosen, unread).send())
    except OSError as error:
        log.warning("A digest was not sent. %s", error)
        NotificationSettings.objects.filter(pk=chosen.pk, digest_for=period).update(digest_for=before)
        return False


def _mail(chosen: NotificationSettings, unread: NotificationQuerySet) -> EmailMessage:
    """The newest lines in the language in which the person chose, with an address that ends the mails in one press."""
    count = unread.count()
    lines = with_newest_people(unread).order_by("-updated_at", "-pk")[:MOST_LINES]
    end = _address("notifications-unsubscribe", signing.dumps(chosen.person.pk, salt=SALT))
    with translation.override(chosen.language or None):
        subject = ngettext("%(count)d unread notification", "%(count)d unread notifications", count) % {"count": count}
        said = {"name": chosen.person.username, "lines": [told(line) for line in lines], "further": count - len(lines)}
        text = render_to_string("gallery/digest.txt", {**said, "page": _address("notifications"), "end": end})
    headers = {"List-Unsubscribe": f"<{end}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return EmailMessage(f"mjweb: {subject}", text, to=[chosen.person.email], headers=headers)


def _address(name: str, *args: str) -> str:
    return urljoin(settings.MJWEB_PUBLIC_URL, reverse(name, args=args))
