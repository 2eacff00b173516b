"""The attribute classifier: it judges generated pictures, and its feature maps are the VAE's perceptual loss."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Final

import torch
from torch import nn

from generation.starter.scenes import ATTRIBUTES
from generation.starter.training.networks import PIXEL_MEAN, PIXEL_STD
from generation.starter.training.sizes import Size

SHRINK: Final = 32
"""Pixels per cell of the last feature map."""
WIDE: Final = 100
"""Stages of at least so many channels use grouped convolutions, to save parameters."""
PERCEPTUAL_STAGES: Final = 2


class AttributeClassifier(nn.Module):
    """A plain convolutional network with one head for each attribute of a scene."""

    def __init__(self, size: Size) -> None:
        super().__init__()
        self.size_name = size.name
        widths = (3, *size.classifier)
        self.stages = nn.ModuleList(_stage(a, b) for a, b in pairwise(widths))
        cells = (size.side_px // SHRINK) ** 2
        self.drop = nn.Dropout(0.3)
        self.heads = nn.ModuleList(nn.Linear(widths[-1] * cells, len(entry.values)) for entry in ATTRIBUTES)

    def maps(self, pixels: torch.Tensor) -> torch.Tensor:
        """The last feature maps of normalised pictures; (batch, channels, side, side)."""
        for stage in self.stages:
            pixels = stage(pixels)
        return pixels

    def features(self, pixels: torch.Tensor) -> torch.Tensor:
        """One vector per picture: the last maps, averaged over their cells; (batch, channels)."""
        return self.maps(pixels).float().mean((2, 3))

    def forward(self, pixels: torch.Tensor) -> list[torch.Tensor]:
        """Logits by attribute, in the order of `scenes.ATTRIBUTES`; each (batch, values)."""
        found = self.drop(self.maps(pixels).flatten(1))
        return [head(found) for head in self.heads]

    def distance(self, one: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
        """How different two batches of pictures (-1 to 1) look: mean difference of early maps, relative to their size.

        Source: Johnson et al. 2016, "Perceptual Losses".
        """
        one, other = (((value + 1) / 2 - PIXEL_MEAN) / PIXEL_STD for value in (one, other))
        parts = [part for stage in list(self.stages)[:PERCEPTUAL_STAGES] for part in _halves(stage)]
        total, terms = one.new_zeros(()), 0
        for layers, counted in parts:
            one, other = layers(one), layers(other)
            if counted:
                strength = other.detach().float().pow(2).mean().sqrt() + 1e-3
                total, terms = total + (one.float() - other.float()).abs().mean() / strength, terms + 1
        return total / terms


def _stage(inputs: int, outputs: int) -> nn.Sequential:
    """Two convolutions and a pooling; the first stage of the network also strides."""
    stride, groups = (2 if inputs == 3 else 1), (4 if outputs >= WIDE else 1)  # noqa: PLR2004 - three colors
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(),
        nn.Conv2d(outputs, outputs, 3, 1, 1, groups=groups, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(),
        nn.MaxPool2d(2),
    )


def _halves(stage: nn.Module) -> Iterable[tuple[nn.Sequential, bool]]:
    """A stage in parts, and whether the maps behind a part count for the distance: those before pooling do."""
    layers = list(stage.children())
    yield nn.Sequential(*layers[:3]), True
    yield nn.Sequential(*layers[3:6]), True
    yield nn.Sequential(*layers[6:]), False
