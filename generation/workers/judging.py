"""What CLIP makes of finished pictures: where they lie in its space, how well they show their prompt, which stay."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from generation.contracts import Raster, RenderPlan
from generation.engine.embeddings import ClipEncoder, load_clip
from generation.jobs.records import SeenPicture
from generation.workers.classifying import Classifier, the_classifier


class Judge:
    """The one encoder of a worker, `clip`; all of its threads may ask it."""

    def __init__(self, folder: Path) -> None:
        """Loads it.

        Raises:
            CheckpointInvalidError: there is no CLIP in the folder.
        """
        self.clip: ClipEncoder = load_clip(folder)
        self.classifier: Classifier = the_classifier(self.clip)

    def look(self, plan: RenderPlan, pictures: Sequence[Raster]) -> list[SeenPicture]:
        """What it sees in pictures of one plan, in their order."""
        directions = self.clip.embed_pictures(pictures, quick=plan.keep is None)
        scores = self.clip.scores(directions, plan.parts)
        return [
            SeenPicture(encoder=self.clip.name, direction=tuple(direction), prompt_score=score)
            for direction, score in zip(directions.tolist(), scores.tolist(), strict=True)
        ]


def best(seen: Sequence[SeenPicture], keep: int | None) -> list[int]:
    """Which pictures stay, as numbers from 0 in the order of their seeds: the `keep` with the highest prompt scores."""
    ranked = sorted(range(len(seen)), key=lambda number: -seen[number].prompt_score)
    return sorted(ranked[:keep])
