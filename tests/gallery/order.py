"""Moderators, and what they decide about, for tests."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType

from gallery.models import Report, TargetKind
from gallery.roles import MODERATORS
from gallery.services.moderating import Ruling
from gallery.targets import Target
from generation.models import Image
from mjweb.accounts.models import User


def moderators() -> Group:
    """The group that a migration makes, made anew where a test before this one has emptied the tables."""
    group, _ = Group.objects.get_or_create(name=MODERATORS)
    kind = ContentType.objects.get_for_model(Report)
    permission, _ = Permission.objects.get_or_create(content_type=kind, codename="moderate", defaults={"name": "m"})
    group.permissions.add(permission)
    return group


def moderator(name: str = "mona") -> User:
    """Somebody of that group."""
    user = User.objects.create_user(name, f"{name}@example.com", "correct horse")
    user.groups.add(moderators())
    return user


def picture_target(image: Image) -> Target:
    """A picture as a report or a decision names it."""
    return Target(TargetKind.PICTURE, Image.everything.select_related("owner", "job").get(pk=image.pk))


def ruling(deed: str = "keep", **more: Any) -> Ruling:
    """What a moderator has chosen, with a reason."""
    return Ruling(deed=deed, **{"reason": "Because of the rules.", **more})
