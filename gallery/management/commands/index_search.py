"""`manage.py index_search`: what sweeps do little by little, at once; for a server whose gallery is large already."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand

from gallery.search import write_missing_words
from generation.jobs.direction_indexes import index_directions
from generation.jobs.directions import present_encoder


class Command(BaseCommand):
    """Writes the words of every publication that has none yet, and makes the index of the present encoder."""

    help = "Makes the whole gallery findable: by words, and by what pictures show. It may run beside everything else."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - Django's
        """Says what was done, and how long it took."""
        begun_at, count = time.monotonic(), 0
        while written := write_missing_words():
            count += written
        self.stdout.write(f"Words of {count:,} publications, in {time.monotonic() - begun_at:.0f} s.")
        begun_at, encoder = time.monotonic(), present_encoder()
        if index_directions(encoder, at_most=None):
            self.stdout.write(f"The index of {encoder}, in {time.monotonic() - begun_at:.0f} s.")
        else:
            self.stdout.write("There is nothing to index: no picture was looked at yet, or somebody indexes them now.")
