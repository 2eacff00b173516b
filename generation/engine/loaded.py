"""Which checkpoints are in memory: loaded when they are first needed, freed when others need the place."""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection, Sequence

import torch

from generation.engine.failures import is_out_of_memory
from generation.engine.families.base import Family
from generation.engine.residency import Residency


class LoadedFamilies:
    """Checkpoints by name, at most `limit` of them unless more are in use. The engine thread alone may touch it."""

    def __init__(
        self, limit: int | None, residency: Residency | None = None, forget: Callable[[Family], None] = lambda _: None
    ) -> None:
        """Nothing is loaded yet.

        Args:
            limit: No limit keeps every checkpoint that ever was.
            residency: Says which of them are on the device; None where all are where they run.
            forget: Called with each family that is freed, for those who hold it.
        """
        self._limit = limit
        self._residency = residency
        self._forget = forget
        self._families: dict[str, Family] = {}  # the one that was asked for last stands last

    def __getitem__(self, checkpoint: str) -> Family:
        """One that is loaded and in use."""
        return self._families[checkpoint]

    def is_ready(self, checkpoint: str, family: Family) -> bool:
        """Whether a checkpoint of this name is loaded, is this one, and could run now."""
        is_here = self._residency is None or checkpoint in self._residency.on_device
        return is_here and self._families.get(checkpoint) is family

    def fetch(self, checkpoint: str, load: Callable[[str], Family], *, busy: Collection[str]) -> Family:
        """One that may have to be loaded; before that, those in its place that were asked for longest ago are freed.

        Args:
            checkpoint: Its name.
            load: Loads it by its name.
            busy: The checkpoints that somebody is being painted with, which stay where they are.
        """
        if checkpoint not in self._families:
            self._make_place(busy)
        family = self._families.pop(checkpoint, None) or self._loaded(checkpoint, load, busy)
        self._families[checkpoint] = family
        if self._residency:
            self._residency.use(checkpoint, family, busy=busy)
        return family

    def evict(self, checkpoint: str, *, busy: Collection[str]) -> None:
        """Free one, unless somebody is being painted with it; it is loaded again when it is needed."""
        if checkpoint in self._families and checkpoint not in busy:
            self._free([checkpoint])

    def make_room(self, busy: Collection[str]) -> bool:
        """Let those that nobody is painted with wait in RAM, for memory ran out; whether there was any."""
        return self._residency is not None and self._residency.park_idle(busy)

    def _loaded(self, checkpoint: str, load: Callable[[str], Family], busy: Collection[str]) -> Family:
        """Load; once more where memory ran out and others could make room."""
        try:
            return load(checkpoint)
        except Exception as error:
            if not is_out_of_memory(error) or not self.make_room(busy):
                raise
        return load(checkpoint)

    def _make_place(self, busy: Collection[str]) -> None:
        if self._limit is not None:
            surplus = max(0, len(self._families) + 1 - self._limit)
            self._free([name for name in self._families if name not in busy][:surplus])

    def _free(self, checkpoints: Sequence[str]) -> None:
        for checkpoint in checkpoints:
            self._forget(self._families.pop(checkpoint))
            if self._residency:
                self._residency.forget(checkpoint)
        if checkpoints:
            gc.collect()  # networks hold themselves in cycles
            if torch.cuda.is_available():
                torch.cuda.empty_cache()
