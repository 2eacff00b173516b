"""`manage.py create_token USERNAME [--create]`."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from mjweb.accounts.services import create_token
from mjweb.common.errors import MjwebError


class Command(BaseCommand):
    """Prints a new API token, for scripts."""

    help = "Print a new API token of a person."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who, and whether to make the account."""
        parser.add_argument("username")
        parser.add_argument("--create", action="store_true", help="make the account when nobody has this name")
        parser.add_argument("--name", default="command line", help="what the list of tokens calls it")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        """Prints the secret alone on standard output."""
        try:
            secret = create_token(options["username"], name=options["name"], create=options["create"])
        except MjwebError as error:
            raise CommandError(error.sentence) from error
        except OperationalError as error:
            msg = "The database does not answer. Start mjweb with `make run`, or name a database with DATABASE_URL."
            raise CommandError(msg) from error
        self.stdout.write(secret)
