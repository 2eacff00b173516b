"""What people say is not in order: a picture, a comment or a person."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mjweb.common.ids import uuid7

MAX_REPORT_CHARS = 1000


class TargetKind(models.TextChoices):
    """What a report or a decision is about."""

    PICTURE = "picture", _("Picture")
    COMMENT = "comment", _("Comment")
    PERSON = "person", _("Person")


class Reason(models.TextChoices):
    """Why something is reported."""

    MINORS = "minors", _("Sexual content with minors")
    SEXUAL = "sexual", _("Sexual, and not marked so")
    VIOLENCE = "violence", _("Gore or glorified violence")
    HATE = "hate", _("Hate or harassment")
    PERSON = "real-person", _("A real person who did not agree")
    RIGHTS = "rights", _("Somebody else's work")
    SPAM = "spam", _("Spam")
    OTHER = "other", _("Something else")


class ReportQuerySet(models.QuerySet["Report"]):
    """Chainable questions about reports."""

    def waiting(self) -> ReportQuerySet:
        """Those about which nobody has decided yet."""
        return self.filter(decision=None)


class Report(models.Model):
    """One person's word that something is not in order.

    It is about exactly one of `image`, `comment` and `person`. reporter: None where the check of finished pictures asks
    for a moderator's eyes, or whoever reported has left. decision: what closed it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="reports_made"
    )
    image = models.ForeignKey("generation.Image", null=True, on_delete=models.CASCADE, related_name="reports")
    comment = models.ForeignKey("gallery.Comment", null=True, on_delete=models.CASCADE, related_name="reports")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="reports_about"
    )
    reason = models.CharField(max_length=12, choices=Reason)
    text = models.TextField(max_length=MAX_REPORT_CHARS, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    decision = models.ForeignKey("gallery.Decision", null=True, on_delete=models.SET_NULL, related_name="reports")

    objects = ReportQuerySet.as_manager()

    class Meta:
        permissions = [("moderate", "Can decide about reports")]
        constraints = [
            models.CheckConstraint(
                condition=Q(image__isnull=False, comment=None, person=None)
                | Q(image=None, comment__isnull=False, person=None)
                | Q(image=None, comment=None, person__isnull=False),
                name="report_is_about_one_thing",
            ),
            models.UniqueConstraint(fields=["reporter", "image"], name="one_report_per_person_and_image"),
            models.UniqueConstraint(fields=["reporter", "comment"], name="one_report_per_person_and_comment"),
            models.UniqueConstraint(fields=["reporter", "person"], name="one_report_per_person_and_person"),
        ]
        indexes = [models.Index(fields=["created_at"], condition=Q(decision=None), name="report_waiting")]

    def __str__(self) -> str:
        return f"report {self.pk} of a {self.kind}"

    @property
    def kind(self) -> TargetKind:
        """Which of the three it is about."""
        if self.image_id:
            return TargetKind.PICTURE
        return TargetKind.COMMENT if self.comment_id else TargetKind.PERSON
