"""What people say about a picture that somebody shows."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import Q

from mjweb.common.ids import uuid7

MAX_COMMENT_CHARS: Final = 2000


class CommentQuerySet(models.QuerySet["Comment"]):
    """Chainable questions about comments."""

    def said(self) -> CommentQuerySet:
        """Those whose words stand: neither deleted nor hidden, and of somebody who is still here."""
        return self.filter(deleted_at=None, hidden_at=None).exclude(author=None)

    def questions(self) -> CommentQuerySet:
        """Those that answer no other."""
        return self.filter(answered=None)


class Comment(models.Model):
    """Words below a picture. A comment that was deleted keeps its place while it has answers, and no words.

    answered: the comment that this one answers; an answer has no answers. mentioned: whom its words name with an @.
    hidden_at: when moderators took it out of sight.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    publication = models.ForeignKey("gallery.Publication", on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="comments")
    answered = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="answers")
    text = models.TextField(max_length=MAX_COMMENT_CHARS)
    mentioned = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="mentions")
    created_at = models.DateTimeField(auto_now_add=True)
    edited_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)
    hidden_at = models.DateTimeField(null=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["publication", "created_at", "id"], condition=Q(answered=None), name="comment_thread"),
            models.Index(fields=["answered", "created_at", "id"], name="comment_answers"),
        ]

    def __str__(self) -> str:
        return f"comment {self.pk} on {self.publication_id}"

    @property
    def is_gone(self) -> bool:
        """Whether its words are no longer shown."""
        return self.deleted_at is not None or self.hidden_at is not None or self.author_id is None
