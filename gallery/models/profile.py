"""What people say and show of themselves."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.db import models

MAX_ABOUT_CHARS: Final = 500
MAX_SPOTLIGHT: Final = 12


class Profile(models.Model):
    """What a person's page says beside their pictures. Who has not written anything has none.

    banner: one of their own public pictures. shows_likes: whether others see which pictures they like.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="profile"
    )
    about = models.TextField(max_length=MAX_ABOUT_CHARS, blank=True)
    banner = models.ForeignKey("generation.Image", null=True, on_delete=models.SET_NULL, related_name="+")
    shows_likes = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"profile of {self.person_id}"


class SpotlightItem(models.Model):
    """A picture that a person puts on top of their page, in an order of their own. It shows while it is public."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="spotlight")
    image = models.ForeignKey("generation.Image", on_delete=models.CASCADE, related_name="spotlighted")
    position = models.PositiveSmallIntegerField(help_text="From 0 on, without gaps.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "image"], name="one_spotlight_per_image")]

    def __str__(self) -> str:
        return f"{self.image_id} in the spotlight"
