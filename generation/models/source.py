"""The pictures that a job needs, in the order in which its plan names them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class SourceRole(models.TextChoices):
    """Why a job has the picture; what exactly it does is a number of the plan."""

    START = "start", "what it starts from"
    IMAGE = "image", "an image prompt"
    STYLE = "style", "a style reference"
    CHARACTER = "character", "a character reference"
    OBJECT = "object", "an object reference"
    MASK = "mask", "where it is painted anew"


class JobSource(models.Model):
    """One of them: a finished picture of this server, or one that a person brought.

    A picture that is deleted leaves its row behind, so that the job can say that it is gone.
    """

    job = models.ForeignKey("generation.Job", on_delete=models.CASCADE, related_name="sources")
    position = models.PositiveSmallIntegerField(help_text="From 0 on, as `RenderPlan.source_uses`.")
    role = models.CharField(max_length=10, choices=SourceRole, default=SourceRole.START)
    image = models.ForeignKey("generation.Image", null=True, on_delete=models.SET_NULL, related_name="used_by")
    upload = models.ForeignKey("generation.Upload", null=True, on_delete=models.SET_NULL, related_name="used_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "position"], name="one_source_per_position"),
            models.CheckConstraint(condition=Q(image=None) | Q(upload=None), name="source_is_one_picture"),
        ]

    def __str__(self) -> str:
        return f"source {self.position} of {self.job_id}"

    @property
    def original_name(self) -> str:
        """Where its file lies in the media storage; empty when the picture is gone."""
        picture = self.image or self.upload
        return picture.original_name if picture else ""
