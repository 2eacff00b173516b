"""What can be done with accounts."""

from __future__ import annotations

from django.db import connection, transaction
from django.utils.translation import gettext as _

from mjweb.accounts.models import ApiToken, User
from mjweb.accounts.names import readable_name, skeleton
from mjweb.common.errors import ConflictError, NotFoundError
from mjweb.common.saying import say, sayable

FIRST_ADMINISTRATOR_LOCK = 7_301_001


class NameTakenError(ConflictError):
    """Somebody has this name, or one that looks like it."""

    code = "name_taken"
    title = sayable("This name is taken")


def new_name(typed: str) -> str:
    """The name of a new account, as it is kept. Names are never changed: others know their people by them.

    Raises:
        NameRefusedError: nobody may be called so.
        NameTakenError: somebody is called so, or so nearly so that people would mistake one for the other.
    """
    name = readable_name(typed)
    if User.objects.filter(username__iexact=name).exists():
        raise NameTakenError(_("Somebody here has this name already. Take another."), parameter="username")
    if User.objects.filter(looks=skeleton(name)).exists():
        raise NameTakenError(
            _("Somebody here has a name that looks like this one. Take another."), parameter="username"
        )
    return name


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
        NameRefusedError, NameTakenError: the new person cannot be called so.
    """
    owner = User.objects.filter(username__iexact=username).first()
    if owner is None and not create:
        msg = say("Nobody is called {name}. Add --create to make the account.", name=username)
        raise NotFoundError(msg)
    if owner is None:
        owner = User.objects.create_user(new_name(username))
        make_first_administrator(owner)
    return ApiToken.issue(owner=owner, name=name)
