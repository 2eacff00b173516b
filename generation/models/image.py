"""Finished pictures."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from mjweb.accounts.models import User
from mjweb.common.ids import uuid7

RENDITION_SIDES_PX = (320, 640)


class Visibility(models.TextChoices):
    """Who may see a picture: everybody, or its owner alone."""

    PUBLIC = "public"
    PRIVATE = "private"


class ImageQuerySet(models.QuerySet["Image"]):
    """Chainable questions about images."""

    def visible_to(self, user: User | AnonymousUser) -> ImageQuerySet:
        """Public pictures, and one's own. What lies in the trash is its owner's alone."""
        shown = Q(visibility="public", trashed_at=None)
        return self.filter(shown | Q(owner=user) if user.is_authenticated else shown)

    def owned_by(self, user: User) -> ImageQuerySet:
        """This person's own pictures."""
        return self.filter(owner=user)

    def trashed(self) -> ImageQuerySet:
        """Those in the trash; ask `Image.everything`."""
        return self.exclude(trashed_at=None)


ImageManager = models.Manager.from_queryset(ImageQuerySet)


class KeptImages(ImageManager["Image"]):
    """Every picture that is not in the trash."""

    def get_queryset(self) -> ImageQuerySet:
        """Without the trash, so that no list has to think of it."""
        return ImageQuerySet(self.model, using=self._db).filter(trashed_at=None)


class Image(models.Model):
    """One finished picture and where its files lie.

    Files are named by the SHA-256 of the PNG, so writing one twice is harmless and nothing is overwritten.

    objects: without the trash, for lists and for other people; everything: with it, for whoever restores, shows the
    trash or removes files.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    job = models.ForeignKey("generation.Job", on_delete=models.CASCADE, related_name="images")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="images")
    index = models.PositiveSmallIntegerField(help_text="1 to 4, in reading order.")
    seed = models.PositiveBigIntegerField()
    width_px = models.PositiveIntegerField()
    height_px = models.PositiveIntegerField()
    visibility = models.CharField(max_length=8, choices=Visibility, default=Visibility.PUBLIC)
    sha256 = models.CharField(max_length=64)
    size_bytes = models.PositiveIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)
    is_hidden = models.BooleanField(default=False, help_text="Out of its owner's own lists, unless they ask for it.")
    trashed_at = models.DateTimeField(null=True, help_text="When it was moved to the trash; null while it is kept.")

    objects = KeptImages()
    everything = ImageQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "index"], name="one_image_per_index")]
        indexes = [
            models.Index(fields=["owner", "-created_at", "-id"], name="image_history"),
            models.Index(fields=["trashed_at"], condition=Q(trashed_at__isnull=False), name="image_trash"),
            models.Index(fields=["sha256"], name="image_file"),
        ]

    def __str__(self) -> str:
        return f"picture {self.index} of {self.job_id}"

    @property
    def original_name(self) -> str:
        """Where the lossless PNG lies in the media storage."""
        return f"{self.sha256[:2]}/{self.sha256}.png"

    def rendition_name(self, side_px: int) -> str:
        """Where the WebP lies whose long side is at most `side_px`."""
        return f"{self.sha256[:2]}/{self.sha256}-{side_px}.webp"
