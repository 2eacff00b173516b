"""Whether pictures show what their prompts say, read by the attribute classifier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import torch

from generation.starter.scenes import ATTRIBUTES
from generation.starter.training.classifier_network import AttributeClassifier
from generation.starter.training.networks import clip_pixels

MAIN: Final = ("subject", "color", "place", "style")
"""What must all be right for a picture to count as right."""
ALL_RIGHT: Final = "all right"
BATCH: Final = 128


class Reading(NamedTuple):
    """What the classifier sees."""

    classes: npt.NDArray[np.int64]
    """(pictures, attributes)."""
    features: npt.NDArray[np.float64]
    """(pictures, channels): its last maps, averaged."""


@torch.no_grad()
def read(network: AttributeClassifier, pictures: npt.NDArray[np.uint8], device: str) -> Reading:
    """The classes and features of pictures, (pictures, side, side, 3)."""
    classes, features = [], []
    for start in range(0, len(pictures), BATCH):
        pixels = clip_pixels(torch.from_numpy(pictures[start : start + BATCH]).to(device))
        classes.append(torch.stack([logits.argmax(-1) for logits in network(pixels)], 1).cpu())
        features.append(network.features(pixels).double().cpu())
    return Reading(torch.cat(classes).numpy(), torch.cat(features).numpy())


def adherence(
    classes: npt.NDArray[np.int64], labels: npt.NDArray[np.int64], told: Sequence[frozenset[str]]
) -> dict[str, float]:
    """Share of the pictures that show an attribute as asked, among those whose prompt says it; and all main ones.

    An attribute that no prompt says is left out.
    """
    right = classes == labels
    says = np.array([[entry.name in attributes for entry in ATTRIBUTES] for attributes in told])
    shares = {
        entry.name: round(float(right[says[:, i], i].mean()), 3)
        for i, entry in enumerate(ATTRIBUTES)
        if says[:, i].any()
    }
    main = [i for i, entry in enumerate(ATTRIBUTES) if entry.name in MAIN]
    shares[ALL_RIGHT] = round(float((right | ~says)[:, main].all(1).mean()), 3)
    return shares


def shares_of(painted: Mapping[str, float], ceiling: Mapping[str, float]) -> dict[str, float]:
    """How much of what the judge can read in real renders it reads in painted ones, by attribute.

    An attribute that it never reads right has no share.
    """
    names = (*(entry.name for entry in ATTRIBUTES), ALL_RIGHT)
    return {name: round(painted[name] / ceiling[name], 3) for name in names if ceiling.get(name) and name in painted}
