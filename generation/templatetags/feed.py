"""What every page says of the person who looks at it: `{% load feed %}`."""

from __future__ import annotations

from django import template
from django.contrib.auth.models import AnonymousUser

from generation.jobs import first_prompts as prompts
from generation.jobs import lanes
from generation.jobs.choosing import models_for
from generation.jobs.examples import Shown
from mjweb.accounts.models import User

register = template.Library()


@register.simple_tag
def fast_balance(user: User | AnonymousUser) -> lanes.Balance | None:
    """What is left of this person's fast minutes; None where there is no limit, and for strangers."""
    return None if isinstance(user, AnonymousUser) else lanes.balance_of(user)


@register.simple_tag
def first_prompts(user: User) -> list[tuple[str, Shown | None]]:
    """Prompts to begin with, for the model that this person's pictures are made with, and what comes of them."""
    return prompts.with_pictures(models_for(user))
