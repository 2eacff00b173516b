"""How allauth's sign-up makes our people."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from mjweb.accounts.models import User
from mjweb.accounts.services import make_first_administrator

MISMATCH = "That name and that password do not belong together. Look for caps lock, or set a new password below."


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """The first account becomes administrator: whoever starts the server also runs it.

    error_messages: allauth's sentences, some of them in our words: what happened, and what to do next.
    """

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_taken": "Somebody here has this name already. Take another.",
        "email_taken": "An account with this address exists. Sign in, or set a new password.",
        "username_password_mismatch": MISMATCH,
        "email_password_mismatch": MISMATCH,
        "username_email_password_mismatch": MISMATCH,
        "incorrect_password": "That is not your password.",
        "enter_current_password": "That is not your present password.",
        "too_many_login_attempts": "Too many attempts failed. Wait a few minutes before the next one.",
    }

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        """Saves the new person, then looks whether they are the first."""
        saved: User = super().save_user(request, user, form, commit)
        if commit:
            make_first_administrator(saved)
        return saved
