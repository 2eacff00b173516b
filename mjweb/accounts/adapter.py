"""How allauth's sign-up makes our people."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from mjweb.accounts.models import User
from mjweb.accounts.services import make_first_administrator


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """The first account becomes administrator: whoever starts the server also runs it."""

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        """Saves the new person, then looks whether they are the first."""
        saved: User = super().save_user(request, user, form, commit)
        if commit:
            make_first_administrator(saved)
        return saved
