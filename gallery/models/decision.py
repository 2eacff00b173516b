"""What moderators decide, what it costs people, and what these say to it."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gallery.models.report import TargetKind
from mjweb.common.ids import uuid7

MAX_REASON_CHARS = 500
MAX_APPEAL_CHARS = 2000


class Deed(models.TextChoices):
    """What is done with the thing that was reported."""

    KEEP = "keep", _("Keep it as it is")
    LEVEL = "level", _("Set its level")
    WITHHOLD = "withhold", _("Take it out of sight")


class Consequence(models.TextChoices):
    """What it costs the person whose it is."""

    NONE = "none", _("Nothing")
    STRIKE = "strike", _("A strike")
    SUSPEND = "suspend", _("A suspension")
    BAN = "ban", _("A ban")


class Decision(models.Model):
    """One moderator's answer to the reports about one thing, with a reason for the person whose it is.

    It may be undone, by a moderator or by an appeal. before: what undoing it brings back.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=8, choices=TargetKind)
    image = models.ForeignKey("generation.Image", null=True, on_delete=models.SET_NULL, related_name="decisions")
    comment = models.ForeignKey("gallery.Comment", null=True, on_delete=models.SET_NULL, related_name="decisions")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="decisions", help_text="Whose thing it is."
    )
    moderator = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="decisions_made"
    )
    deed = models.CharField(max_length=8, choices=Deed)
    level = models.PositiveSmallIntegerField(null=True, help_text="Of a picture, where the deed sets it.")
    consequence = models.CharField(max_length=8, choices=Consequence, default=Consequence.NONE)
    days = models.PositiveSmallIntegerField(null=True, help_text="Of a suspension.")
    reason = models.CharField(max_length=MAX_REASON_CHARS)
    before = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["person", "-created_at"], name="decision_person")]

    def __str__(self) -> str:
        return f"decision {self.pk}: {self.deed}, {self.consequence}"

    @property
    def is_burden(self) -> bool:
        """Whether it takes something away: only then there is something to appeal against."""
        return self.deed != Deed.KEEP or self.consequence != Consequence.NONE

    @property
    def may_be_appealed(self) -> bool:
        """Whether the person may still say something to it."""
        return self.is_burden and self.undone_at is None and not hasattr(self, "appeal")


class StrikeQuerySet(models.QuerySet["Strike"]):
    """Chainable questions about strikes."""

    def standing(self, *, days: int) -> StrikeQuerySet:
        """Those of the last `days` that were not lifted."""
        return self.filter(lifted_at=None, created_at__gte=timezone.now() - timedelta(days=days))


class Strike(models.Model):
    """A mark against a person: by a decision, or by a prompt that a rule with strikes blocked."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="strikes")
    decision = models.OneToOneField(Decision, null=True, on_delete=models.CASCADE, related_name="strike")
    job = models.OneToOneField("generation.Job", null=True, on_delete=models.SET_NULL, related_name="strike")
    reason = models.CharField(max_length=MAX_REASON_CHARS)
    created_at = models.DateTimeField(auto_now_add=True)
    lifted_at = models.DateTimeField(null=True)

    objects = StrikeQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["person", "created_at"], condition=Q(lifted_at=None), name="strike_standing")]

    def __str__(self) -> str:
        return f"strike of {self.person_id}"


class Appeal(models.Model):
    """What a person says to a decision about them, once. Another moderator answers it, where there is one.

    is_granted: None while it waits; True undoes the decision.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    decision = models.OneToOneField(Decision, on_delete=models.CASCADE, related_name="appeal")
    text = models.TextField(max_length=MAX_APPEAL_CHARS)
    created_at = models.DateTimeField(auto_now_add=True)
    is_granted = models.BooleanField(null=True)
    answer = models.CharField(max_length=MAX_REASON_CHARS, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["created_at"], condition=Q(is_granted=None), name="appeal_waiting")]

    def __str__(self) -> str:
        return f"appeal against {self.decision_id}"
