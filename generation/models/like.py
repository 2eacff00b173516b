"""Who likes which picture."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Like(models.Model):
    """One person likes one picture: their own, or one that somebody shows them."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="likes")
    image = models.ForeignKey("generation.Image", on_delete=models.CASCADE, related_name="likes")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["person", "-created_at"], name="like_history")]
        constraints = [models.UniqueConstraint(fields=["person", "image"], name="one_like_per_person_and_image")]

    def __str__(self) -> str:
        return f"like of {self.image_id}"
