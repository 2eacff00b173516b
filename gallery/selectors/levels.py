"""Pictures beyond the level up to which a person looks."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser

from generation.models import Image
from mjweb.accounts.levels import level_of
from mjweb.accounts.models import User


def beyond_level(user: User | AnonymousUser, image: Image) -> bool:
    """Whether this person should be asked before somebody else's picture is shown to them."""
    return image.owner_id != user.pk and image.level > level_of(user)
