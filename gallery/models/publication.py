"""Pictures that their owners show."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models

from mjweb.accounts.models import User
from mjweb.common.ids import uuid7


class PublicationQuerySet(models.QuerySet["Publication"]):
    """Chainable questions about publications."""

    def visible_to(self, user: User | AnonymousUser) -> PublicationQuerySet:  # noqa: ARG002 - the person decides once mutes and levels exist
        """What this person may see in the gallery: publications of pictures that are (still) public and kept.

        A picture in the trash keeps its publication, which comes back with it.
        """
        return self.filter(image__visibility="public", image__trashed_at=None)

    def with_cards(self) -> PublicationQuerySet:
        """Everything that a card shows, in one query."""
        return self.select_related("author", "image__job")


class Publication(models.Model):
    """A picture in the public gallery, from the moment it was published."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    image = models.OneToOneField("generation.Image", on_delete=models.CASCADE, related_name="publication")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="publications")
    published_at = models.DateTimeField(auto_now_add=True)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["-published_at", "-id"], name="publication_feed")]

    def __str__(self) -> str:
        return f"publication of {self.image_id}"
