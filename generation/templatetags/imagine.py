"""The imagine bar of every page: `base.html` has it in the block `top`, which a page without one leaves empty."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

from django import template
from django.template import Context

from generation.jobs.choosing import models_for
from generation.models import Checkpoint
from mjweb.common.saying import say

register = template.Library()

_REFERENCE: Final = r"(?:image|upload):[0-9a-f-]{36}(?:::[0-9.]+)?"
_PICTURES: Final = re.compile(rf"\s*--sref(?:\s+{_REFERENCE})+(?!\s+[^\s-])|(?:\s+|^){_REFERENCE}", re.IGNORECASE)
LONG_S: Final = 90
"""Longer waits are told in minutes."""


@dataclass(frozen=True, slots=True)
class EmptyBar:
    """A bar without words. models: what there is to choose from, where there is a choice; chosen: its name."""

    models: tuple[Checkpoint, ...] = ()
    chosen: str = ""


@register.inclusion_tag("generation/_bar_elsewhere.html", takes_context=True)
def imagine_bar(context: Context) -> dict[str, Any]:
    """The bar for whoever is signed in; nothing for others. What is sent from here is seen on Create."""
    request = context["request"]
    if not request.user.is_authenticated:
        return {"request": request, "bar": None}
    models = models_for(request.user)
    several = models.checkpoints if len(models.checkpoints) > 1 else ()
    chosen = models.preferred.name if several and models.preferred else ""
    return {"request": request, "bar": EmptyBar(several, chosen), "key": uuid4()}


@register.filter
def duration(seconds: float) -> str:
    """A wait as people say it: `40 s`, `4 min`, `1 h 20 min`."""
    if seconds < LONG_S:
        return say("{n} s", n=max(1, round(seconds)))
    hours, minutes = divmod(round(seconds / 60), 60)
    return say("{hours} h {n} min", hours=hours, n=minutes) if hours else say("{n} min", n=minutes)


@register.filter
def spoken(prompt: str) -> str:
    """A prompt without the pictures of this server that it names: their ids tell nobody anything."""
    return _PICTURES.sub("", prompt).strip()


@register.filter
def fifth(share: float) -> int:
    """A share of 0 to 1 in fifths, 1 to 5, for a stylesheet."""
    return min(5, int(share * 5) + 1)


@register.filter
def times(factors: tuple[float, ...]) -> list[tuple[str, str]]:
    """Enlargements as a choice: what is typed, and what it is called; first none at all."""
    return [("", say("Off")), *((f"{factor:g}", f"{factor:g}×") for factor in factors)]  # noqa: RUF001 - the sign for times
