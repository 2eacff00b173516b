"""Checkpoints that jobs may name."""

from __future__ import annotations

from django.db import models

from generation.contracts import CheckpointCard


class Checkpoint(models.Model):
    """A model that this server renders with: where it lies, and its card."""

    name = models.CharField(max_length=120, unique=True)
    source = models.CharField(max_length=500, help_text="A diffusers folder or a hub id.")
    card_values = models.JSONField()
    is_default = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

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
