"""`manage.py prepare`: everything the database needs before web and workers may start."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Migrates, then registers the checkpoint; in one process, because each start of Django costs a second."""

    help = "Bring the database up to date: migrations, then the checkpoint's row. Calling it again changes nothing."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        """Run both; the first that fails ends it."""
        call_command("migrate", interactive=False, stdout=self.stdout, stderr=self.stderr)
        call_command("register_checkpoint", stdout=self.stdout, stderr=self.stderr)
