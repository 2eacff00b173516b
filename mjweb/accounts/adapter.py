"""How allauth's sign-up makes our people."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from mjweb.accounts.models import User
from mjweb.accounts.names import readable_name
from mjweb.accounts.services import NameTakenError, make_first_administrator, new_name
from mjweb.common.errors import MjwebError

MISMATCH = _("That name and that password do not belong together. Look for caps lock, or set a new password below.")

JUST_TAKEN = _("Somebody has just taken this name or address. Take another.")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """The first account becomes administrator: whoever starts the server also runs it.

    error_messages: allauth's sentences, some of them in our words: what happened, and what to do next.
    """

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_taken": _("Somebody here has this name already. Take another."),
        "email_taken": _("An account with this address exists. Sign in, or set a new password."),
        "username_password_mismatch": MISMATCH,
        "email_password_mismatch": MISMATCH,
        "username_email_password_mismatch": MISMATCH,
        "incorrect_password": _("That is not your password."),
        "enter_current_password": _("That is not your present password."),
        "too_many_login_attempts": _("Too many attempts failed. Wait a few minutes before the next one."),
    }

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        """Saves the new person, then looks whether they are the first.

        Raises:
            NameTakenError: somebody took the name or the address since the form was read.
        """
        try:
            with transaction.atomic():
                saved: User = super().save_user(request, user, form, commit)
        except IntegrityError as error:  # two people chose it in the same moment
            raise NameTakenError(str(JUST_TAKEN)) from error
        if commit:
            make_first_administrator(saved)
        return saved

    def clean_username(self, username: str, shallow: bool = False) -> str:
        """The name of a new account as it is kept; a refusal stands beside the field.

        shallow: whether only its letters are looked at, and not who has it already.
        """
        try:
            return readable_name(username) if shallow else new_name(username)
        except MjwebError as error:
            raise ValidationError(error.sentence, code=error.code) from error
