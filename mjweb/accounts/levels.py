"""Up to which level a person looks at pictures of others: 0 for everybody, 1 sensitive, 2 explicit."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from mjweb.accounts.models import User
from mjweb.common.errors import InvalidInputError

VISITORS_LEVEL: Final = 0


def level_of(user: User | AnonymousUser) -> int:
    """What this person chose, within what the server shows to anybody; visitors see what is for everybody."""
    return min(user.browsing_level, settings.MJWEB_HIGHEST_LEVEL) if user.is_authenticated else VISITORS_LEVEL


def choose_level(user: User, level: str, *, of_age: bool) -> None:
    """Keeps up to which level this person wants to look.

    level: as a form sends it, 0 to the highest that this server shows. of_age: whether they said that they are.

    Raises:
        InvalidInputError: there is no such level here, or it needs their word.
    """
    if level not in {str(number) for number in range(settings.MJWEB_HIGHEST_LEVEL + 1)}:
        raise InvalidInputError(_("Choose one of the levels."), parameter="level")
    if int(level) > VISITORS_LEVEL and not of_age:
        raise InvalidInputError(_("Say first that you are of age where you live."), parameter="of_age")
    user.browsing_level = int(level)
    user.save(update_fields=["browsing_level"])
