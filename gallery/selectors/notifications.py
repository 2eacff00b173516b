"""What a person is told of others, a page at a time."""

from __future__ import annotations

from typing import Final

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gallery.models import Comment, Notification, NotificationKind, NotificationPerson, NotificationSettings
from gallery.models.notification import NotificationQuerySet
from mjweb.accounts.models import User
from mjweb.common.pagination import Page, keyset_page

NOTIFICATIONS_SIZE: Final = 30
MOST_COUNTED: Final = 100
"""A badge says no more than `99+`, so nothing counts further."""
SENTENCES: Final = {
    NotificationKind.LIKED: gettext_lazy("%(who)s liked your picture."),
    NotificationKind.COMMENTED: gettext_lazy("%(who)s commented on your picture."),
    NotificationKind.ANSWERED: gettext_lazy("%(who)s answered your comment."),
    NotificationKind.MENTIONED: gettext_lazy("%(who)s mentioned you in a comment."),
    NotificationKind.REMIXED: gettext_lazy("%(who)s remixed your picture."),
    NotificationKind.FOLLOWED: gettext_lazy("%(who)s followed you."),
    NotificationKind.DECIDED: gettext_lazy("The moderators decided about something of yours."),
}


def notifications_of(person: User, *, cursor: str | None = None, size: int = NOTIFICATIONS_SIZE) -> Page[Notification]:
    """A page of what this person is told, what changed last first.

    Raises:
        InvalidInputError: the cursor is not one of ours.
    """
    lines = with_newest_people(Notification.objects.of(person).shown())
    return keyset_page(lines, cursor=cursor, size=size, order="-updated_at")


def with_newest_people(lines: NotificationQuerySet) -> NotificationQuerySet:
    """Lines with their picture and the newest two people who did it, in two queries, however many did it."""
    newest = NotificationPerson.objects.select_related("person").order_by("-at", "-pk")[:2]
    return lines.select_related("image").prefetch_related(Prefetch("people", queryset=newest, to_attr="newest"))


def unread_count(person: User) -> int:
    """How many lines are unread; counted up to 100."""
    return Notification.objects.of(person).shown().unread().order_by()[:MOST_COUNTED].count()


def settings_of(person: User) -> NotificationSettings:
    """What this person has chosen; what everybody begins with where they have chosen nothing."""
    found = NotificationSettings.objects.filter(person=person).first()
    return found or NotificationSettings(person=person)


def told(line: Notification) -> str:
    """The sentence of a line, such as `ann and 4 others liked your picture.`, in the language of whoever reads it."""
    return SENTENCES[NotificationKind(line.kind)] % {"who": _who(line)}


def where(line: Notification) -> str:
    """The address that a line leads to."""
    if line.kind == NotificationKind.DECIDED:
        return reverse("my-decisions")
    if line.kind == NotificationKind.REMIXED:
        return reverse("image", args=[line.target])
    if line.kind == NotificationKind.FOLLOWED:
        people = newest_people(line)
        return reverse("people", args=[people[0].username]) if len(people) == 1 else _followers(line)
    if line.target and Comment.objects.said().filter(pk=line.target).exists():
        return reverse("comment", args=[line.target])
    return reverse("image", args=[line.image_id])


def newest_people(line: Notification) -> list[User]:
    """The newest two who did it, the newest first; as `with_newest_people` has loaded them."""
    loaded: list[NotificationPerson] = getattr(line, "newest", [])
    return [entry.person for entry in loaded]


def _followers(line: Notification) -> str:
    return reverse("people-followers", args=[line.recipient.username])


def _who(line: Notification) -> str:
    names = [person.username for person in newest_people(line)]
    others = line.people_count - 1
    if not names:
        return _("Somebody")
    if others < 1:
        return names[0]
    if others == 1 and len(names) > 1:
        return _("%(first)s and %(second)s") % {"first": names[0], "second": names[1]}
    both = ngettext("%(first)s and %(count)d other", "%(first)s and %(count)d others", others)
    return both % {"first": names[0], "count": others}
