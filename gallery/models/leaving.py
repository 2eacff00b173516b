"""Accounts that are being deleted."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Leaving(models.Model):
    """A person has asked for their account to be deleted. It is locked; a sweep removes what is left of it.

    The row goes with the account, so that a crash in between leaves nothing undone.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="leaving"
    )
    asked_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"leaving of {self.person_id}"
