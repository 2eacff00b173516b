"""What the pages of moderation, and notices on other pages, need beside their context."""

from __future__ import annotations

from django import template
from django.contrib.auth.models import AnonymousUser

from gallery.models import Decision
from gallery.targets import Target
from mjweb.accounts.models import User
from mjweb.accounts.suspension import is_suspended, suspension_sentence

register = template.Library()


@register.filter
def target(decision: Decision) -> Target | None:
    """What a decision is about; None where it is gone."""
    return Target.of(decision)


@register.filter
def suspension(user: User | AnonymousUser) -> str:
    """Until when and why this person is suspended; empty for everybody else. No query."""
    return suspension_sentence(user) if isinstance(user, User) and is_suspended(user) else ""
