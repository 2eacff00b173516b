"""What commands with a subcommand per thing to do have in common."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from generation.errors import GenerationError


class ActionsCommand(BaseCommand):
    """A command whose subcommand `name` is the method `_name`, which takes the options."""

    def handle(self, *args: Any, action: str, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        """Do it, or say in one sentence why not."""
        try:
            getattr(self, f"_{action}")(options)
        except GenerationError as error:
            raise CommandError(error.sentence) from error

    def write_table(self, rows: Sequence[Sequence[str]], *, right: Collection[str] = ()) -> None:
        """Rows of cells below their headings, which are the first; right: the headings of columns of numbers."""
        headings = rows[0]
        widths = [max(len(row[column]) for row in rows) for column in range(len(headings))]
        for row in rows:
            cells = [
                text.rjust(width) if heading in right else text.ljust(width)
                for text, width, heading in zip(row, widths, headings, strict=True)
            ]
            self.stdout.write("  ".join(cells).rstrip())
