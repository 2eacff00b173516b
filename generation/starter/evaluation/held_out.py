"""Held-out prompts with their real renders: combinations that no training row has."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from generation.starter import scenes
from generation.starter.training.pool import META, Arrays, captions, renderer_digest

EVERYTHING: Final = scenes.Mix()
TOLD_ALWAYS: Final = frozenset({"kind"})
"""Saying nothing of a logo or a pattern asks for a scene."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Prompts of a split, what each one says, and the pictures that it was written for."""

    prompts: list[str]
    told: list[frozenset[str]]
    scenes: list[scenes.Scene]
    labels: npt.NDArray[np.int64]
    """(prompts, attributes)."""
    pictures: npt.NDArray[np.uint8]
    """(prompts, side, side, 3)."""

    def __len__(self) -> int:
        return len(self.prompts)

    def first(self, count: int) -> Asked:
        """The first prompts alone."""
        return Asked(
            self.prompts[:count], self.told[:count], self.scenes[:count], self.labels[:count], self.pictures[:count]
        )


def ask(split: str, count: int, side_px: int, pool: Path | None = None, mix: scenes.Mix = EVERYTHING) -> Asked:
    """The first rows of a split with their fullest captions; pictures that the pool lacks are rendered here."""
    rows = range(count)
    stream = scenes.splits_of(mix)[split]
    drawn = [scenes.scene_at(stream, row) for row in rows]
    wordings = [captions(stream, row)[0] for row in rows]
    return Asked(
        prompts=[wording.text for wording in wordings],
        told=[wording.told | TOLD_ALWAYS for wording in wordings],
        scenes=drawn,
        labels=np.array([scenes.labels(scene) for scene in drawn], np.int64),
        pictures=_pictures(_arrays(split, stream, side_px, pool), drawn, side_px),
    )


def grid_of(scene: scenes.Scene, count: int, side_px: int) -> npt.NDArray[np.uint8]:
    """Real renders of the same words from other seeds."""
    return np.stack([scenes.render(replace(scene, seed=scene.seed + i), side_px) for i in range(1, count + 1)])


def _pictures(arrays: Arrays | None, drawn: list[scenes.Scene], side_px: int) -> npt.NDArray[np.uint8]:
    ready = 0 if arrays is None else min(len(arrays), len(drawn))
    return np.stack(
        [
            arrays.pictures[row]
            if arrays is not None and row < ready and arrays.ready[row]
            else scenes.render(scene, side_px)
            for row, scene in enumerate(drawn)
        ]
    )


def _arrays(split: str, stream: scenes.Split, side_px: int, pool: Path | None) -> Arrays | None:
    """The split of a pool, when it is of this renderer, mix and size."""
    if pool is None or not (pool / split / META).exists():
        return None
    arrays = Arrays(pool / split)
    same = arrays.meta["renderer"] == renderer_digest() and arrays.split == stream
    return arrays if same and arrays.meta["side_px"] == side_px else None
