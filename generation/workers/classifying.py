"""The check of finished pictures: what the operator's labels find in them, before anybody sees them.

`MJWEB_CLASSIFIER` names the class that looks. A worker makes it once, with its CLIP, and asks it for each job.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Protocol

import torch
from django.conf import settings
from django.utils.module_loading import import_string

from generation.contracts import Raster
from generation.engine.embeddings import ClipEncoder
from generation.jobs.records import SeenPicture, StoredPicture
from generation.models import Finding, PictureLabel

SHARPNESS: Final = 100.0
"""What cosines are multiplied with before they are shares. Source: Radford et al. 2021, section 2.5: at most 100."""
ELSE: Final = (
    "a picture",
    "a photo of a person with clothes",
    "a portrait",
    "an animal",
    "a landscape",
    "a building",
    "a plant",
    "an object on a table",
    "an abstract pattern",
    "a drawing",
)
"""What a picture may show besides: a label has to be more likely than all of it."""


class Classifier(Protocol):
    """Tells what is in pictures."""

    def find(
        self, pictures: Sequence[Raster], seen: Sequence[SeenPicture], labels: Sequence[PictureLabel]
    ) -> list[list[PictureLabel]]:
        """For each picture the labels that it finds.

        pictures: RGB, as they were painted. seen: their directions in the worker's CLIP. labels: at least one.
        """


class ClipClassifier:
    """By words alone: a label is found where the picture is more like its words than like anything else.

    Source: Radford et al. 2021, "Learning Transferable Visual Models From Natural Language Supervision", section 3.1.
    """

    def __init__(self, clip: ClipEncoder) -> None:
        self._clip = clip

    def find(
        self,
        pictures: Sequence[Raster],  # noqa: ARG002 - their directions say it all
        seen: Sequence[SeenPicture],
        labels: Sequence[PictureLabel],
    ) -> list[list[PictureLabel]]:
        """For each picture the labels whose share of certainty reaches their threshold."""
        directions = torch.tensor([one.direction for one in seen], dtype=torch.float32)
        beside = directions @ self._clip.embed_texts(ELSE).T
        shares = [self._shares(directions, beside, label) for label in labels]
        return [
            [label for label, share in zip(labels, shares, strict=True) if share[number] >= label.threshold]
            for number in range(len(seen))
        ]

    def _shares(self, directions: torch.Tensor, beside: torch.Tensor, label: PictureLabel) -> list[float]:
        """How certain it is of one label, 0 to 1, for each picture."""
        words = [line.strip() for line in label.words.splitlines() if line.strip()]
        named = (directions @ self._clip.embed_texts(words).T).max(dim=1, keepdim=True).values
        shares: list[float] = torch.softmax(SHARPNESS * torch.cat([named, beside], dim=1), dim=1)[:, 0].tolist()
        return shares


def the_classifier(clip: ClipEncoder) -> Classifier:
    """The one that the settings name."""
    made: Classifier = import_string(settings.MJWEB_CLASSIFIER)(clip)
    return made


def classified(
    classifier: Classifier, pictures: Sequence[Raster], stored: Sequence[StoredPicture]
) -> list[StoredPicture]:
    """The same pictures with their level, and whether they are withheld; as they are where no label is switched on.

    pictures: of `stored`, in the same order.
    """
    labels = [label for label in PictureLabel.objects.filter(is_active=True) if label.words.strip()]
    if not labels or not stored:
        return list(stored)
    found = classifier.find(pictures, [one.seen for one in stored], labels)
    return [_marked(one, its) for one, its in zip(stored, found, strict=True)]


def _marked(picture: StoredPicture, found: Sequence[PictureLabel]) -> StoredPicture:
    return replace(
        picture,
        level=max((label.level for label in found), default=0),
        is_withheld=any(label.finding == Finding.WITHHOLD for label in found),
        found=tuple(label.name for label in found),
    )
