"""Contents whose rows are gone, until their files are too."""

from __future__ import annotations

from django.db import models


class LeftFile(models.Model):
    """The SHA-256 of an original of a person who left. Its files may be in use as the rows go: a sweep looks again."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    left_at = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        return f"left {self.sha256[:12]}"
