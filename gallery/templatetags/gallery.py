"""The gallery in other rooms' templates: `{% load gallery %}`."""

from __future__ import annotations

from django import template
from django.contrib.auth.models import AnonymousUser

from gallery.selectors import explore_feed
from generation.models import Image

register = template.Library()


@register.simple_tag
def newest_pictures(count: int) -> list[Image]:
    """Up to `count` pictures that everybody may see, the newest first."""
    return [publication.image for publication in explore_feed(AnonymousUser(), size=count).rows]
