"""`manage.py up`: start everything, print the address, stop everything on Ctrl-C."""

from __future__ import annotations

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand

from mjweb.local.errors import LocalError
from mjweb.local.up import run_everything


class Command(BaseCommand):
    """Runs PostgreSQL, Valkey, migrations, the web server and the workers, and keeps them running."""

    help = "Start everything mjweb needs on this machine; Ctrl-C stops it all."
    # The database does not run yet, and a broken setting is the children's to report.
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        """Run until told to stop; a reason not to run is one sentence and exit code 1."""
        try:
            run_everything(os.environ, say=self._say, warn=self.stderr.write)
        except LocalError as error:
            sys.exit(str(error))

    def _say(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()
