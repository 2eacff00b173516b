"""Jobs that one prompt made together."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from mjweb.common.ids import uuid7


class PromptGroup(models.Model):
    """One prompt with permutations or a repeat, as it was typed: its jobs have what came of it, one each."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="prompt_groups")
    prompt = models.TextField(help_text="As it was typed, braces included.")
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"jobs of {self.id}"
