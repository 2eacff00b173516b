"""Engine workers that are alive, as they say themselves."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now


class WorkerQuerySet(models.QuerySet["Worker"]):
    """Chainable questions about workers."""

    def alive(self) -> WorkerQuerySet:
        """Those whose last word is not too long ago, by the database's clock."""
        return self.filter(alive_until__gt=Now())


class Worker(models.Model):
    """One engine worker and the checkpoints that it can paint with. It says so anew three times per lease."""

    name = models.CharField(max_length=120, unique=True)
    serves = ArrayField(models.CharField(max_length=120), help_text="Names of checkpoints.")
    alive_until = models.DateTimeField()

    objects = WorkerQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name
