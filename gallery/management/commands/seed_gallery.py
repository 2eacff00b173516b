"""`manage.py seed_gallery`: a gallery as it looks after two years, to try out and to measure."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from gallery.management.seeding import NoCheckpointError, seed_gallery, tidy
from mjweb.accounts.models import User


class Command(BaseCommand):
    """Fills an empty server with people, pictures and likes that nobody made."""

    help = "Fills this server with made-up people, pictures and likes, as a gallery has them after two years."

    def add_arguments(self, parser: CommandParser) -> None:
        """How much, and whether people's own things may stand beside it."""
        parser.add_argument("--publications", type=int, default=10_000, help="how many pictures; 10,000 unless said")
        parser.add_argument("--people", type=int, default=500, help="how many people; 500 unless said, 625 at most")
        parser.add_argument("--embeddings", action="store_true", help="a made-up direction for every picture as well")
        parser.add_argument("--yes", action="store_true", help="although people have accounts here")

    def handle(self, *args: Any, publications: int, people: int, yes: bool, embeddings: bool, **options: Any) -> None:  # noqa: ARG002 - Django's
        """Says what was made, and how long it took."""
        if not yes and User.objects.exists():
            msg = "People have accounts on this server. With --yes, made-up people and pictures are put beside theirs."
            raise CommandError(msg)
        begun_at = time.monotonic()
        try:
            seeded = seed_gallery(publications, people=people, embeddings=embeddings)
            tidy()
        except NoCheckpointError as error:
            raise CommandError(str(error)) from error
        took_s = time.monotonic() - begun_at
        made = f"{seeded.publications:,} publications of {seeded.people} people, {seeded.likes:,} likes"
        self.stdout.write(f"{made}, in {took_s:.0f} s.")
