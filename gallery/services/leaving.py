"""Deleting one's account: it is locked and hidden at once, and then everything of it goes."""

from __future__ import annotations

from functools import partial
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gallery.errors import LastAdministratorError, LeavingRefusedError
from gallery.models import Comment, Leaving
from gallery.services.notifying import forget_doer
from generation.jobs.leaving import BATCH, remove_pictures, stop_and_hide
from mjweb.accounts.models import ApiToken, User

BATCHES: Final = 5
"""Of 200 pictures each: what one sweep removes of one account."""


@transaction.atomic
def leave(person: User, *, password: str, name: str) -> Leaving:
    """Delete the account: from this moment nobody signs in to it, and nobody sees anything of it.

    Its jobs are canceled, its tokens are gone. Its comments become `deleted`. What others made of its pictures is
    theirs.

    Effects: after commit the rows and files of up to 200 pictures go, and with them a small account. A sweep removes
    the rest of a large one.

    Raises:
        LeavingRefusedError: the password is not theirs, or the name is not typed as it is.
        LastAdministratorError: nobody would be left to run the server.
    """
    if name.strip() != person.username:
        raise LeavingRefusedError(_("That is not your name. Type it as it stands above."), parameter="name")
    if not person.check_password(password):
        raise LeavingRefusedError(_("That is not your password."), parameter="password")
    _refuse_the_last_administrator(person)
    _lock(person)
    stop_and_hide(person)
    leaving, _is_new = Leaving.objects.get_or_create(person=person)
    transaction.on_commit(partial(remove_what_is_left, leaving, batches=1))
    return leaving


def finish_leavings() -> int:
    """Removes what is left of accounts that are being deleted, the eldest first. Returns how many are gone."""
    return sum(
        remove_what_is_left(leaving) for leaving in Leaving.objects.select_related("person").order_by("asked_at")
    )


def remove_what_is_left(leaving: Leaving, *, batches: int = BATCHES) -> bool:
    """Removes up to so many batches of pictures and, once none is left, the account. Whether it is gone.

    Any number may run at once and any may stop in between: each batch is a transaction of its own.
    """
    for _batch in range(batches):
        if remove_pictures(leaving.person, limit=BATCH) < BATCH:
            _remove_account(leaving.person)
            return True
    return False


def _refuse_the_last_administrator(person: User) -> None:
    """The rows are locked, so that two administrators who leave at once take turns."""
    administrators = User.objects.select_for_update().filter(is_superuser=True, is_active=True).order_by("pk")
    if person.is_superuser and [*administrators] == [person]:
        raise LastAdministratorError(_("You are the only administrator. Make somebody else one first."))


def _lock(person: User) -> None:
    ApiToken.objects.filter(owner=person).delete()
    person.is_active = False
    person.set_unusable_password()
    person.save(update_fields=["is_active", "password"])


@transaction.atomic
def _remove_account(person: User) -> None:
    """Words of comments go, their places stay; lines of others' notifications no longer count this person."""
    Comment.objects.filter(author=person).update(text="", deleted_at=timezone.now(), author=None)
    forget_doer(person)
    person.delete()
