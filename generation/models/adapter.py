"""Adapters that jobs may name: small files that change how a checkpoint paints."""

from __future__ import annotations

from typing import Final, cast

from django.db import models

from generation.contracts import AdapterFile, AdapterKind

KINDS: Final = [
    ("lora", "LoRA"),
    ("embedding", "learned word"),
    ("control", "ControlNet"),
    ("image_prompt", "IP-Adapter"),
]
"""Every `AdapterKind`, and what people call it."""


class AdapterQuerySet(models.QuerySet["Adapter"]):
    """Chainable questions about adapters."""

    def usable(self) -> AdapterQuerySet:
        """Those that new jobs may name."""
        return self.filter(removed_at=None)

    def fitting(self, family: str) -> AdapterQuerySet:
        """Those for checkpoints of a family, as `generation.layouts` names it."""
        return self.filter(family=family)


class Adapter(models.Model):
    """A LoRA, a learned word, a ControlNet or an IP-Adapter: where it lies, what it fits, what it was when it came.

    A removed one keeps its row: finished jobs name it, and their plans can be painted again while its file is there.
    """

    name = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=12, choices=KINDS)
    source = models.CharField(max_length=500, help_text="A file of safetensors; of a ControlNet its folder.")
    encoder = models.CharField(max_length=500, blank=True, help_text="Of an IP-Adapter: its image encoder's folder.")
    family = models.CharField(max_length=40, help_text="Of the checkpoints that it fits.")
    told_width = models.PositiveIntegerField(
        default=0, help_text="Of an IP-Adapter: numbers of a token as the networks that it fits are told it."
    )
    size_bytes = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    license = models.CharField(max_length=200, blank=True, help_text="As its file or whoever added it says.")
    created_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True)

    objects = AdapterQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    @property
    def file(self) -> AdapterFile:
        """What the engine must know of it."""
        return AdapterFile(
            name=self.name,
            kind=cast("AdapterKind", self.kind),
            path=self.source,
            sha256=self.sha256,
            encoder=self.encoder,
        )
