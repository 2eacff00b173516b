"""Which checkpoints are in memory: loaded when they are first needed, freed when others need the place."""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection, Sequence

import torch

from generation.engine.families.base import Family


class LoadedFamilies:
    """Checkpoints by name, at most `limit` of them unless more are in use. The engine thread alone may touch it."""

    def __init__(self, limit: int | None) -> None:
        """Nothing is loaded yet; no limit keeps every checkpoint that ever was."""
        self._limit = limit
        self._families: dict[str, Family] = {}  # the one that was asked for last stands last

    def __getitem__(self, checkpoint: str) -> Family:
        """One that is loaded."""
        return self._families[checkpoint]

    def fetch(self, checkpoint: str, load: Callable[[str], Family], *, busy: Collection[str]) -> Family:
        """One that may have to be loaded; before that, those in its place that were asked for longest ago are freed.

        Args:
            checkpoint: Its name.
            load: Loads it by its name.
            busy: The checkpoints that somebody is being painted with, which stay.
        """
        if checkpoint not in self._families:
            self._make_place(busy)
        family = self._families.pop(checkpoint, None) or load(checkpoint)
        self._families[checkpoint] = family
        return family

    def evict(self, checkpoint: str, *, busy: Collection[str]) -> None:
        """Free one, unless somebody is being painted with it; it is loaded again when it is needed."""
        if checkpoint in self._families and checkpoint not in busy:
            self._free([checkpoint])

    def _make_place(self, busy: Collection[str]) -> None:
        if self._limit is not None:
            surplus = max(0, len(self._families) + 1 - self._limit)
            self._free([name for name in self._families if name not in busy][:surplus])

    def _free(self, checkpoints: Sequence[str]) -> None:
        for checkpoint in checkpoints:
            del self._families[checkpoint]
        if checkpoints:
            gc.collect()  # networks hold themselves in cycles
            if torch.cuda.is_available():
                torch.cuda.empty_cache()
