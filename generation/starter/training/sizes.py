"""The networks in three sizes, with the data and the batches that suit each: numbers only, no torch."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from generation.starter.scenes import Mix
from generation.starter.scenes.world import CORE

VAE_FACTOR: Final = 8
"""Pixels of a latent cell's side."""
CAPTIONS: Final = 4
"""Captions of a picture; the first leaves nothing unsaid."""


@dataclass(frozen=True, slots=True)
class Tower:
    """One transformer of CLIP: width, layers and heads; `patch_px` is the side of a vision tower's patch."""

    width: int
    layers: int
    heads: int
    patch_px: int = 0


@dataclass(frozen=True, slots=True)
class UNetShape:
    """A U-Net of three levels: channels from the finest to the coarsest, and channels of one attention head."""

    channels: tuple[int, int, int]
    head_width: int


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one stage is trained.

    batch: samples of a step. rate: peak learning rate. least_rows: rendered pictures it waits for before it starts.
    """

    batch: int
    rate: float
    least_rows: int


@dataclass(frozen=True, slots=True)
class Size:
    """Everything that differs between a test, two CPU cores and one GPU."""

    name: str
    side_px: int
    """Side of a base picture; the high-resolution stage paints twice that."""
    tokens: int
    vocabulary: int
    text: Tower
    vision: Tower
    joint: int
    """Width of the space that both towers of CLIP project to."""
    vae: tuple[int, ...]
    latent_channels: int
    classifier: tuple[int, ...]
    base: UNetShape
    hires: UNetShape
    rows: dict[str, int]
    """Rendered pictures per split."""
    recipes: dict[str, Recipe]
    warmup_steps: int = 200
    mix: Mix = field(default_factory=Mix)

    def split_side_px(self, split: str) -> int:
        """Side of the pictures of a split."""
        return self.side_px * (2 if split.startswith("big") else 1)


def _recipes(
    batches: tuple[int, int, int, int, int],
    vae_rate: float,
    unet_rates: tuple[float, float],
    least: int,
    least_big: int,
) -> dict[str, Recipe]:
    """Recipes by stage; batches in the order of the stages."""
    rates = (3e-3, 3e-3, vae_rate, *unet_rates)
    names = ("classifier", "clip", "vae", "base", "hires")
    waits = (least, least, least, least, least_big)
    return {name: Recipe(*row) for name, row in zip(names, zip(batches, rates, waits, strict=True), strict=True)}


TINY: Final = Size(
    "tiny", side_px=64, tokens=40, vocabulary=700, text=Tower(32, 2, 1), vision=Tower(32, 2, 1, 16), joint=32,
    vae=(8, 16, 24, 32), latent_channels=4, classifier=(16, 24, 32, 32),
    base=UNetShape((32, 48, 64), 16), hires=UNetShape((16, 32, 48), 16),
    rows={"train": 96, "val": 24, "held": 24, "big": 24, "bigval": 8},
    recipes=_recipes((16, 16, 4, 8, 2), 3e-3, (2e-3, 2e-3), least=32, least_big=8), warmup_steps=10,
)  # fmt: skip
SMALL: Final = Size(
    "small", side_px=128, tokens=40, vocabulary=2200, text=Tower(192, 4, 3), vision=Tower(192, 5, 3, 16), joint=128,
    vae=(32, 32, 64, 128), latent_channels=8, classifier=(32, 64, 128, 192),
    base=UNetShape((96, 160, 160), 32), hires=UNetShape((64, 96, 128), 32),
    rows={"train": 60_000, "val": 800, "held": 800, "big": 6_000, "bigval": 100},
    recipes=_recipes((64, 128, 12, 48, 12), 4e-3, (2e-3, 2e-3), least=1500, least_big=300),
    mix=Mix(CORE, landscapes=0.04, pairs=0.12, groups=0.10, designs=0.28, default_style=0.24, clear=0.5),
)  # fmt: skip
FULL: Final = Size(
    "full", side_px=128, tokens=77, vocabulary=2400, text=Tower(192, 4, 3), vision=Tower(192, 6, 3, 8), joint=192,
    vae=(32, 48, 80, 128), latent_channels=12, classifier=(48, 96, 192, 256),
    base=UNetShape((192, 128, 128), 32), hires=UNetShape((96, 96, 128), 32),
    rows={"train": 300_000, "val": 1000, "held": 1500, "big": 40_000, "bigval": 200},
    recipes=_recipes((512, 1024, 64, 512, 256), 4e-3, (3e-3, 3e-3), least=10_000, least_big=1500),
)  # fmt: skip
SIZES: Final = {size.name: size for size in (TINY, SMALL, FULL)}
