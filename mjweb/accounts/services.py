"""What can be done with accounts."""

from __future__ import annotations

from django.db import connection, transaction

from mjweb.accounts.models import ApiToken, User
from mjweb.common.errors import NotFoundError

FIRST_ADMINISTRATOR_LOCK = 7_301_001


@transaction.atomic
def make_first_administrator(user: User) -> None:
    """Gives the only account of a fresh server every right; does nothing on later accounts.

    The advisory lock makes two people who sign up in the same moment take turns.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FIRST_ADMINISTRATOR_LOCK])
    if User.objects.filter(is_superuser=True).exists() or User.objects.exclude(pk=user.pk).exists():
        return
    user.is_staff = user.is_superuser = True
    user.save(update_fields=["is_staff", "is_superuser"])


@transaction.atomic
def create_token(username: str, *, name: str, create: bool = False) -> str:
    """A new API token of the named person; with `create`, of a new person without a password.

    Raises:
        NotFoundError: nobody has this name and `create` is off.
    """
    owner = User.objects.filter(username__iexact=username).first()
    if owner is None and not create:
        msg = f"Nobody is called {username}. Add --create to make the account."
        raise NotFoundError(msg)
    if owner is None:
        owner = User.objects.create_user(username)
        make_first_administrator(owner)
    return ApiToken.issue(owner=owner, name=name)
