"""Finished pictures."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from generation.models.seeing import strangers_to, unlisted_for
from mjweb.accounts.levels import level_of
from mjweb.accounts.models import User
from mjweb.common.ids import uuid7

RENDITION_SIDES_PX = (320, 640)


class Visibility(models.TextChoices):
    """Who may see a picture: everybody, whoever has its address, or its owner alone."""

    PUBLIC = "public", _("Public")
    UNLISTED = "unlisted", _("Unlisted")
    PRIVATE = "private", _("Private")


class Level(models.IntegerChoices):
    """What a picture shows; people choose up to which level lists show them pictures."""

    EVERYBODY = 0, _("For everybody")
    SENSITIVE = 1, _("Sensitive")
    EXPLICIT = 2, _("Explicit")


class ImageQuerySet(models.QuerySet["Image"]):
    """Chainable questions about images."""

    def visible_to(self, user: User | AnonymousUser) -> ImageQuerySet:
        """What this person may open by its address: public and unlisted pictures, and one's own.

        What lies in the trash, or was withheld by moderators, is its owner's alone. Of people who have blocked this
        person, or whom this person has blocked, nothing. Lists ask `listed_for`.
        """
        shown = Q(visibility__in=[Visibility.PUBLIC, Visibility.UNLISTED], trashed_at=None, withheld_at=None)
        if user.is_authenticated:
            return self.filter(shown | Q(owner=user)).not_of(strangers_to(user))
        return self.filter(shown, level=Level.EVERYBODY)

    def listed_for(self, user: User | AnonymousUser) -> ImageQuerySet:
        """What may stand in a list that this person sees, a lineage included: public pictures, and one's own.

        Of others' pictures only those that are within the level up to which this person looks, and of nobody whom they
        have muted.
        """
        shown = Q(visibility=Visibility.PUBLIC, trashed_at=None, withheld_at=None, level__lte=level_of(user))
        return self.filter(shown | Q(owner=user) if user.is_authenticated else shown).not_of(unlisted_for(user))

    def not_of(self, people: Iterable[models.QuerySet[Any, Any]]) -> ImageQuerySet:
        """Without what these people made; each of `people` is a subquery of ids."""
        kept = self
        for ids in people:
            kept = kept.exclude(owner__in=ids)
        return kept

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
    level = models.PositiveSmallIntegerField(
        choices=Level, default=Level.EVERYBODY, help_text="As rules, the classifier or a moderator said."
    )
    withheld_at = models.DateTimeField(
        null=True, help_text="When moderators, or the check of finished pictures, took it out of everybody's sight."
    )
    sha256 = models.CharField(max_length=64)
    size_bytes = models.PositiveIntegerField()
    glimpse = models.CharField(
        max_length=400, default="", db_default="", blank=True, help_text="As `generation.jobs.glimpses` writes it."
    )
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
            models.Index(fields=["-id"], condition=Q(glimpse=""), name="image_glimpseless"),
            models.Index(fields=["withheld_at"], condition=Q(withheld_at__isnull=False), name="image_withheld"),
            # Rows come in the order of time: what a day brought is found by a few pages of a tiny index.
            BrinIndex(fields=["created_at"], name="image_days"),
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
