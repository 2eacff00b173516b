"""The accounts app."""

from django.apps import AppConfig
from django.utils.translation import get_language, gettext, ngettext

from mjweb.common.saying import speak_with


class AccountsConfig(AppConfig):
    """Registered under the label `accounts`, which the user model carries."""

    name = "mjweb.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Sentences are told in the language that Django made active for a request."""
        speak_with(gettext, ngettext, lambda: get_language() or "en")
