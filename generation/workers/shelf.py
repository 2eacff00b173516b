"""The models of one worker: which it can reach, and which its engine paints with at present."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from generation.jobs.sources import local_folder
from generation.jobs.weights import is_complete
from generation.models import Checkpoint


@dataclass(frozen=True, slots=True)
class Copy:
    """A model as it lies on this machine.

    hashed_at: when its weights were last read; other weights under the same name have another.
    """

    folder: Path
    hashed_at: datetime | None


class Shelf:
    """What a worker may take jobs for.

    An engine keeps a few models loaded. While it paints with so many, no job of a further model may begin: it waits
    for one of them to be done with, and the jobs behind it wait too, so that no model starves.
    """

    def __init__(self, max_families: int) -> None:
        """Empty until the first `look`."""
        self._max_families = max_families
        self._copies: dict[str, Copy] = {}
        self._painting: Counter[str] = Counter()
        self._counting = threading.Lock()

    def look(self) -> list[str]:
        """Reads the registry again. Returns the names whose weights are others than before, or gone."""
        before, now = self._copies, copies_here()
        self._copies = now
        return [name for name, copy in before.items() if now.get(name) != copy]

    @property
    def names(self) -> list[str]:
        """The models that this worker can paint with."""
        return list(self._copies)

    @property
    def loaded(self) -> list[str] | None:
        """The only models whose jobs may begin now; None while there is a place for any."""
        with self._counting:
            busy = list(self._painting)
        return busy if len(busy) >= self._max_families else None

    def folder(self, name: str) -> Path:
        """Where a model lies. Raises KeyError when it is not here."""
        return self._copies[name].folder

    def begin(self, name: str) -> None:
        """A job of this model begins."""
        with self._counting:
            self._painting[name] += 1

    @contextmanager
    def until_done(self, name: str) -> Iterator[None]:
        """Around the work on a job that has begun."""
        try:
            yield
        finally:
            with self._counting:
                self._painting[name] -= 1
                self._painting += Counter()  # drops what nobody is painted with


def copies_here() -> dict[str, Copy]:
    """Every usable model whose weights are all on this machine, by name."""
    found = ((row, local_folder(row.source)) for row in Checkpoint.objects.usable().order_by("pk"))
    return {
        row.name: Copy(folder, row.hashed_at)
        for row, folder in found
        if folder is not None and is_complete(folder, row.weight_files)
    }
