"""`manage.py paint_examples`: paint the pictures that show what prompts mean, where they are not up to date."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from generation.errors import GenerationError
from generation.jobs.examples import FOLDER


class Command(BaseCommand):
    """Brings static/examples up to date after the starter's weights, the meaning or the styles changed."""

    help = "Paints the example pictures of the help page with the starter model. Those that are up to date are kept."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whether all are painted, and where to."""
        parser.add_argument("--anew", action="store_true", help="paint all, those that are up to date too")
        parser.add_argument("--out", type=Path, default=FOLDER, help="the folder; static/examples unless said")

    def handle(self, *args: Any, anew: bool, out: Path, **options: Any) -> None:  # noqa: ARG002 - Django's
        """Says how many were painted, and how large they are together."""
        from generation.workers.examples import paint_examples  # noqa: PLC0415 - only this command needs the engine

        try:
            done = paint_examples(out, anew=anew, tell=self._tell)
        except GenerationError as error:
            raise CommandError(error.sentence) from error
        size_kb = round(done.size_bytes / 1000)
        self.stdout.write(f"{done.painted} painted, {done.kept} kept, {done.removed} removed; {size_kb} kB in {out}.")

    def _tell(self, number: int, of: int) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\rpicture {number} of {of}", ending="\n" if number == of else "")
