"""Who did what to whom: the trail of everything that moderators and administrators decide."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from mjweb.accounts.models import User


class AuditEntry(models.Model):
    """One line of the trail. A trigger of the database refuses to change or to remove it.

    The names are written down, since rows of people may go and their lines must not.
    """

    at = models.DateTimeField(auto_now_add=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+",
        help_text="Null where the server did it by itself.",
    )  # fmt: skip
    actor_name = models.CharField(max_length=150, blank=True)
    action = models.CharField(max_length=40)
    target_kind = models.CharField(max_length=20)
    target_id = models.CharField(max_length=40)
    person_name = models.CharField(max_length=150, blank=True, help_text="Whom it is about.")
    reason = models.CharField(max_length=500, blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        verbose_name_plural = "audit entries"
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["-at", "-id"], name="audit_trail"),
            models.Index(fields=["target_kind", "target_id"], name="audit_target"),
        ]

    def __str__(self) -> str:
        return f"{self.actor_name or 'mjweb'}: {self.action} {self.target_kind} {self.target_id}"

    @classmethod
    def note(cls, actor: User | None, action: str, target: models.Model, **told: object) -> AuditEntry:
        """Writes a line. `told` is any of `person_name`, `reason`, `before` and `after`."""
        return cls.objects.create(
            actor=actor,
            actor_name=actor.username if actor else "",
            action=action,
            target_kind=target._meta.model_name,  # noqa: SLF001 - documented for use outside
            target_id=str(target.pk),
            **told,
        )
