"""The gallery in other rooms' templates: `{% load gallery %}`."""

from __future__ import annotations

from django import template
from django.contrib.auth.models import AnonymousUser

from gallery.selectors import explore_feed
from gallery.selectors.notifications import unread_count
from generation.models import Image
from mjweb.accounts.models import User
from mjweb.common.access import may_browse

register = template.Library()


@register.simple_tag
def newest_pictures(count: int) -> list[Image]:
    """Up to `count` pictures that everybody may see, the newest first; none where visitors may not look around."""
    if not may_browse(AnonymousUser()):
        return []
    return [publication.image for publication in explore_feed(AnonymousUser(), size=count).rows]


@register.simple_tag
def unread_notices(user: User | AnonymousUser) -> int:
    """How many notifications this person has not read; counted up to 100."""
    return 0 if isinstance(user, AnonymousUser) else unread_count(user)
