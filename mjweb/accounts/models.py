"""People and their API tokens."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext as _

from mjweb.accounts.names import skeleton

FOR_GOOD = datetime(9999, 1, 1, tzinfo=UTC)
TOKEN_PREFIX = "mjw_"  # noqa: S105 - the visible beginning, so that secret scanners can find a leaked token


class User(AbstractUser):
    """A person. Names are unique whatever their case, so nobody can pass for somebody else.

    browsing_level: up to which level lists show pictures of others. suspended_until: until then this person may read
    and take their things along, and nothing else; `FOR_GOOD` for whoever is banned.
    looks: the skeleton of the name; null for the later of two people who had such names before this was looked at.
    """

    browsing_level = models.PositiveSmallIntegerField(default=0)
    suspended_until = models.DateTimeField(null=True, blank=True)
    suspension_reason = models.CharField(max_length=500, blank=True)
    looks = models.CharField(max_length=400, null=True, unique=True, editable=False)  # noqa: DJ001 - none is not a name

    class Meta(AbstractUser.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("username"), name="unique_username_whatever_case"),
            models.UniqueConstraint(Lower("email"), name="unique_email", condition=~Q(email="")),
        ]

    def clean(self) -> None:
        """Refuses, in the administration too, a name that looks like somebody's."""
        super().clean()
        alike = User.objects.filter(looks=skeleton(self.username)).exclude(pk=self.pk)
        if (self._state.adding or self.looks is not None) and alike.exists():
            raise ValidationError({"username": _("Somebody here has a name that looks like this one. Take another.")})

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """Keeps what the name looks like beside it."""
        if self._state.adding or self.looks is not None:
            self.looks = skeleton(self.username)
        if update_fields is not None and "username" in update_fields:
            update_fields = {*update_fields, "looks"}
        super().save(*args, update_fields=update_fields, **kwargs)


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    """Chainable questions about tokens."""

    def usable(self) -> ApiTokenQuerySet:
        """Tokens that are neither revoked nor expired, of people who may sign in."""
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=Now()), revoked_at=None, owner__is_active=True)

    def matching(self, secret: str) -> ApiTokenQuerySet:
        """The usable token with this secret: looked up by digest, so no timing tells a prefix."""
        return self.usable().filter(digest=digest(secret))


class ApiToken(models.Model):
    """A secret that lets a program act as a person. Only its SHA-256 digest is kept."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80)
    hint = models.CharField(max_length=12, help_text="The first characters, to tell tokens apart.")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = ApiTokenQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.name} ({self.hint}…)"

    @classmethod
    def issue(cls, *, owner: User, name: str, expires_at: datetime | None = None) -> str:
        """A new token's secret, which is shown once and never stored."""
        secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
        cls.objects.create(owner=owner, name=name, hint=secret[:8], digest=digest(secret), expires_at=expires_at)
        return secret


def digest(secret: str) -> str:
    """SHA-256 of a secret, in hex. The secret has 256 random bits, so no slow hash is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()
