"""`manage.py register_checkpoint`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from generation.errors import CheckpointInvalidError
from generation.jobs.checkpoints import register_configured


class Command(BaseCommand):
    """Tells the web what the configured checkpoint can do, from its folder's JSON files; loads no weights."""

    help = "Write the configured checkpoint's card down, so that jobs can be planned."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        """Registers a folder. A hub id is registered by the worker that downloads it."""
        source = settings.MJWEB_CHECKPOINT
        if not Path(source).is_dir():
            self.stdout.write(f"{source} is not a folder: the worker registers it when it has it.")
            return
        try:
            register_configured(source, is_named=settings.MJWEB_CHECKPOINT_IS_NAMED)
        except CheckpointInvalidError as error:
            raise CommandError(error.sentence) from error
