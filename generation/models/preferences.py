"""What a person wants of every prompt: option sets, a suffix, defaults."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower

from mjweb.accounts.models import User


class OptionSetQuerySet(models.QuerySet["OptionSet"]):
    """Chainable questions about option sets."""

    def owned_by(self, user: User) -> OptionSetQuerySet:
        """This person's own: nobody else can use or read them."""
        return self.filter(owner=user)


class OptionSet(models.Model):
    """Words that a person types as `--name`: prompt text and parameters, put in its place before a prompt is read."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="option_sets")
    name = models.CharField(max_length=40)
    value = models.TextField()
    changed_at = models.DateTimeField(auto_now=True)

    objects = OptionSetQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint("owner", Lower("name"), name="one_option_set_per_name")]

    def __str__(self) -> str:
        return f"--{self.name}"


class Preferences(models.Model):
    """What counts where a prompt does not say it itself. Without a row nothing does.

    suffix: is put behind every prompt; defaults: parameters alone, the weakest word but the server's own.
    """

    owner = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="preferences"
    )
    suffix = models.TextField(blank=True)
    defaults = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"preferences of {self.owner_id}"
