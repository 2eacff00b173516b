"""The accounts app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Registered under the label `accounts`, which the user model carries."""

    name = "mjweb.accounts"
    label = "accounts"
