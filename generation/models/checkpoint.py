"""Checkpoints that jobs may name, and who prefers which."""

from __future__ import annotations

from typing import TypedDict

from django.conf import settings
from django.db import models

from generation.contracts import CheckpointCard


class WeightFile(TypedDict):
    """One file of weights. `path` is relative to the checkpoint's folder."""

    path: str
    size_bytes: int
    sha256: str


class CheckpointQuerySet(models.QuerySet["Checkpoint"]):
    """Chainable questions about checkpoints."""

    def usable(self) -> CheckpointQuerySet:
        """Those that new jobs may name."""
        return self.filter(removed_at=None)


class Checkpoint(models.Model):
    """A model that this server renders with: where it lies, its card, and what its weights were when it came.

    A removed one keeps its row: finished jobs name it.
    """

    name = models.CharField(max_length=120, unique=True)
    source = models.CharField(max_length=500, help_text="A diffusers folder or a hub id.")
    card_values = models.JSONField()
    weights = models.JSONField(default=list, help_text="Every file of weights: path, size in bytes, SHA-256.")
    license = models.CharField(max_length=200, blank=True, help_text="As the folder's README.md names it.")
    is_default = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    hashed_at = models.DateTimeField(null=True, help_text="When the weights were read.")
    removed_at = models.DateTimeField(null=True)

    objects = CheckpointQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=models.Q(is_default=True), name="one_default_checkpoint"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def card(self) -> CheckpointCard:
        """What job rules must know of it."""
        return CheckpointCard.from_json(self.card_values)

    @card.setter
    def card(self, card: CheckpointCard) -> None:
        self.card_values = card.to_json()

    @property
    def title(self) -> str:
        """What people read."""
        return str(self.card_values["title"])

    @property
    def weight_files(self) -> list[WeightFile]:
        """What its weights were when it came; empty for one that came before they were written down."""
        return list(self.weights)

    @property
    def size_bytes(self) -> int:
        """All its weights together."""
        return sum(file["size_bytes"] for file in self.weight_files)


class CheckpointChoice(models.Model):
    """The model that a person chose last. Without a row it is the server's default, whichever that is by then."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="checkpoint_choice"
    )
    checkpoint = models.ForeignKey(Checkpoint, on_delete=models.CASCADE, related_name="choices")

    def __str__(self) -> str:
        return f"{self.user_id}: {self.checkpoint_id}"
