"""How people stand to each other: who follows, blocks or mutes whom.

A block works both ways and on everything: neither sees the other's pictures, comments and page, and neither can act on
them. A mute is one person's own business: the muted one is left out of their lists and notifications, and never told.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q

from mjweb.accounts.models import User
from mjweb.common.ids import uuid7


class Follow(models.Model):
    """One person wants to see what another one makes."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    follower = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="follows")
    followed = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="followers")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["follower", "followed"], name="one_follow_per_pair"),
            models.CheckConstraint(condition=~Q(follower=F("followed")), name="nobody_follows_themselves"),
        ]
        indexes = [
            models.Index(fields=["follower", "-created_at", "-id"], name="follow_following"),
            models.Index(fields=["followed", "-created_at", "-id"], name="follow_followers"),
        ]

    def __str__(self) -> str:
        return f"{self.follower_id} follows {self.followed_id}"


class BlockQuerySet(models.QuerySet["Block"]):
    """Chainable questions about blocks."""

    def between(self, person: User, other: User) -> BlockQuerySet:
        """The blocks between two people, whoever of them made it."""
        return self.filter(Q(person=person, blocked=other) | Q(person=other, blocked=person))


class Block(models.Model):
    """One person wants nothing to do with another. It works both ways."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="blocks")
    blocked = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="blocked_by")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = BlockQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "blocked"], name="one_block_per_pair"),
            models.CheckConstraint(condition=~Q(person=F("blocked")), name="nobody_blocks_themselves"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} blocks {self.blocked_id}"


class Mute(models.Model):
    """One person would rather not see another one in their lists."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mutes")
    muted = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="muted_by")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "muted"], name="one_mute_per_pair"),
            models.CheckConstraint(condition=~Q(person=F("muted")), name="nobody_mutes_themselves"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} mutes {self.muted_id}"


def strangers_to(user: User | AnonymousUser) -> list[models.QuerySet[Any, Any]]:
    """Whom this person must not see, and who must not be seen by them: ids in subqueries that are asked once each."""
    if isinstance(user, AnonymousUser):
        return []
    return [Block.objects.filter(person=user).values("blocked"), Block.objects.filter(blocked=user).values("person")]


def unlisted_for(user: User | AnonymousUser) -> list[models.QuerySet[Any, Any]]:
    """Whose work stands in no list of this person: strangers, and whom they have muted."""
    if isinstance(user, AnonymousUser):
        return []
    return [*strangers_to(user), Mute.objects.filter(person=user).values("muted")]
