"""Pictures that people bring along."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from mjweb.accounts.models import User
from mjweb.common.ids import uuid7


class UploadQuerySet(models.QuerySet["Upload"]):
    """Chainable questions about uploads."""

    def owned_by(self, user: User) -> UploadQuerySet:
        """This person's own: an upload belongs to nobody else's eyes."""
        return self.filter(owner=user)


class Upload(models.Model):
    """A picture that a person sent, or that a prompt of theirs named by its address.

    What is kept is upright, without metadata and of a size that plans have a use for. The file is named by the SHA-256
    of what is kept, so the same picture of two people lies there once, and each has a row of their own.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="uploads")
    origin = models.CharField(max_length=2000, blank=True, help_text="The address it came from; empty for a file.")
    width_px = models.PositiveIntegerField()
    height_px = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    size_bytes = models.PositiveIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "sha256"], name="one_upload_per_person_and_picture")]
        indexes = [models.Index(fields=["owner", "-created_at", "-id"], name="upload_history")]

    def __str__(self) -> str:
        return f"upload {self.id}"

    @property
    def original_name(self) -> str:
        """Where the PNG lies in the media storage."""
        return f"{self.sha256[:2]}/{self.sha256}.png"
