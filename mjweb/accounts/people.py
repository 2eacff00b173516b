"""From a request to the person behind it."""

from typing import cast

from django.http import HttpRequest

from mjweb.accounts.models import User


def person(request: HttpRequest) -> User:
    """The signed-in person of a `member` view or an authenticated API call."""
    return cast("User", request.user)
