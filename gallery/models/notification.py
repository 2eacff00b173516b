"""What people are told of each other."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from generation.models import Image
from mjweb.accounts.models import User
from mjweb.common.ids import uuid7

KEPT: Final = timedelta(days=90)


class NotificationKind(models.TextChoices):
    """What happened, in the order in which people choose."""

    LIKED = "liked", _("Somebody likes a picture of yours")
    COMMENTED = "commented", _("Somebody comments on a picture of yours")
    ANSWERED = "answered", _("Somebody answers a comment of yours")
    MENTIONED = "mentioned", _("Somebody names you in a comment")
    REMIXED = "remixed", _("Somebody remixes a picture of yours")
    FOLLOWED = "followed", _("Somebody follows you")
    DECIDED = "decided", _("Moderators decide about something of yours")


class NotificationQuerySet(models.QuerySet["Notification"]):
    """Chainable questions about notifications."""

    def of(self, user: User) -> NotificationQuerySet:
        """What this person is told, unless it is about a picture that they may no longer see."""
        seen = Image.everything.visible_to(user).values("pk")
        return self.filter(Q(image=None) | Q(image__in=seen), recipient=user)

    def shown(self) -> NotificationQuerySet:
        """What stands in the page."""
        return self.filter(in_page=True)

    def unread(self) -> NotificationQuerySet:
        """What they have not read yet."""
        return self.filter(read_at=None)

    def outdated(self) -> NotificationQuerySet:
        """What is too old to be kept."""
        return self.filter(updated_at__lt=timezone.now() - KEPT)


class Notification(models.Model):
    """One line of somebody's notifications. What happens again before it is read joins the same line.

    group_key: what may join it. target: the comment, or the decision, that it leads to; empty where it is the picture.
    people: who did it; people_count: how many they are. in_page, by_mail: where it is told, as was chosen then.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=12, choices=NotificationKind)
    image = models.ForeignKey("generation.Image", null=True, on_delete=models.CASCADE, related_name="+")
    target = models.CharField(max_length=64, blank=True)
    group_key = models.CharField(max_length=80)
    people_count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    in_page = models.BooleanField(default=True)
    by_mail = models.BooleanField(default=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "group_key"], condition=Q(read_at=None), name="one_unread_line_per_group"
            )
        ]
        indexes = [
            models.Index(fields=["recipient", "-updated_at", "-id"], name="notification_page"),
            models.Index(fields=["updated_at"], name="notification_age"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.recipient_id}"


class NotificationPerson(models.Model):
    """Somebody who did what a notification tells."""

    notification = models.ForeignKey(Notification, on_delete=models.CASCADE, related_name="people")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notification", "person"], name="one_person_per_notification")]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.notification_id}"


class Digest(models.TextChoices):
    """How often unread notifications come by mail."""

    NEVER = "never", _("Never")
    DAILY = "daily", _("Every day")
    WEEKLY = "weekly", _("Every week, on Monday")


class NotificationSettings(models.Model):
    """What a person wants to be told, and where. Who has chosen nothing has none: everything in the page, no mail.

    not_in_page: kinds that the page leaves out. not_by_mail: kinds that the mail leaves out.
    digest_for: the first day of the last period that a mail went out for. language: in which they chose.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="notification_settings"
    )
    not_in_page = ArrayField(models.CharField(max_length=12, choices=NotificationKind), default=list)
    not_by_mail = ArrayField(models.CharField(max_length=12, choices=NotificationKind), default=list)
    digest = models.CharField(max_length=6, choices=Digest, default=Digest.NEVER)
    digest_for = models.DateField(null=True)
    language = models.CharField(max_length=16, blank=True)

    def __str__(self) -> str:
        return f"notification settings of {self.person_id}"
