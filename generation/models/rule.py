"""What the operator has decided about words and pictures: rules of prompts, and what is looked for in pictures."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from generation.models.image import Level


class RuleAction(models.TextChoices):
    """What happens to a prompt that a rule finds."""

    BLOCK = "block", _("Block: nothing is painted")
    WARN = "warn", _("Warn: it is painted, and its owner is told")
    SENSITIVE = "level-1", _("Paint it as sensitive")
    EXPLICIT = "level-2", _("Paint it as explicit")


class Rule(models.Model):
    """One rule for the words of prompts, looked at before anything is painted.

    It holds where one of `patterns` is in the words, and one of `with_any` too if there are any, and none of `unless`.
    A pattern is a line: a word or a phrase; `*` stands for any letters of one word.
    """

    name = models.CharField(max_length=80)
    patterns = models.TextField(
        max_length=20_000, help_text=_("One word or phrase per line; * stands for any letters.")
    )
    with_any = models.TextField(
        max_length=20_000, blank=True, help_text=_("The rule holds only beside one of these. Empty: always.")
    )
    unless = models.TextField(max_length=20_000, blank=True, help_text=_("The rule does not hold beside one of these."))
    language = models.CharField(
        max_length=12, blank=True, help_text=_("Of its words, such as en or zh; for whoever reads the rules.")
    )
    action = models.CharField(max_length=8, choices=RuleAction, default=RuleAction.BLOCK)
    strikes = models.BooleanField(default=False, help_text=_("Whether a blocked prompt counts as a strike."))
    note = models.CharField(max_length=300, blank=True, help_text=_("What people are told. Empty: a usual sentence."))
    is_active = models.BooleanField(default=True)
    is_fixed = models.BooleanField(default=False, help_text=_("It may be widened, and cannot be switched off."))
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Lower("name"), name="one_rule_per_name")]

    def __str__(self) -> str:
        return self.name


class Finding(models.TextChoices):
    """What happens to a picture in which something is found."""

    SENSITIVE = "level-1", _("It is sensitive")
    EXPLICIT = "level-2", _("It is explicit")
    WITHHOLD = "withhold", _("Nobody sees it until a moderator has looked")


class PictureLabel(models.Model):
    """Something that finished pictures are looked at for, in words that the classifier understands.

    threshold: from which share of certainty on (0 to 1) it counts as found, against everything else a picture may show.
    """

    name = models.CharField(max_length=80)
    words = models.TextField(max_length=2000, help_text=_("One description per line, as a caption would say it."))
    threshold = models.FloatField(default=0.8, help_text=_("0 to 1: how sure the classifier must be."))
    finding = models.CharField(max_length=8, choices=Finding, default=Finding.SENSITIVE)
    is_active = models.BooleanField(default=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(Lower("name"), name="one_label_per_name"),
            models.CheckConstraint(condition=models.Q(threshold__gte=0, threshold__lte=1), name="threshold_is_a_share"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def level(self) -> int:
        """What a picture is at least in which it is found."""
        return {Finding.SENSITIVE: Level.SENSITIVE, Finding.EXPLICIT: Level.EXPLICIT}.get(
            Finding(self.finding), Level.EVERYBODY
        )
