"""The frozen meaning of a prompt, as the job rules receive it."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from math import gcd
from typing import Literal

from generation.contracts import AdapterUse, PromptPart, SamplerName, ScheduleName
from generation.prompts.problems import PromptProblem

Visibility = Literal["public", "unlisted", "private"]
Speed = Literal["fast", "relax", "turbo"]


@dataclass(frozen=True, slots=True)
class Aspect:
    """Shape of a picture as width to height, always in lowest terms: 4:2 is 2:1."""

    width: int
    height: int

    def __post_init__(self) -> None:
        common = gcd(self.width, self.height)
        object.__setattr__(self, "width", self.width // common)
        object.__setattr__(self, "height", self.height // common)

    @property
    def ratio(self) -> Fraction:
        """Width divided by height, exactly."""
        return Fraction(self.width, self.height)

    def __str__(self) -> str:
        return f"{self.width}:{self.height}"


@dataclass(frozen=True, slots=True)
class WeightedRef:
    """One style reference among several.

    ref: an http(s) address, `image:<uuid>`, `upload:<uuid>`, a style code in decimal digits, or `random`.
    weight: a whole number above 0 that counts relative to the others; one that stands alone weighs 1.
    """

    ref: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptSpec:
    """What a prompt means. Two prompts that mean the same are equal.

    A picture is referred to as it was typed: an http(s) address, `image:<uuid>` for one that was made here,
    `upload:<uuid>` for one that somebody brought. A field that has no parameter typed has the table's default.

    parts: weights are the smallest whole numbers of the same proportion, none is 0, their sum is positive; a single
        part weighs 1. None at all only where two images or more are to be blended.
    images: pictures that stand before the words, at most 5.
    aspect: the shape that is asked for. negative: things to keep out of the picture, in typed order, each once.
    tile: edges that meet. zoom: 1 to 2, how much of a canvas is put around the first image.
    hd: twice the size. hires: 1.5, 2 or 4, the factor of an enlargement in the same job.
    best: how many pictures are painted for the four that are kept. repeat: how many jobs the prompt makes, 1 to 40.
    image_weight: 0 to 3, how much the images count beside the words.
    strength: above 0 and below 1, how much of the first image is given up.
    style_refs: what the style is taken from. style_weight: 0 to 1000. style_version: 1 to 6.
    character_refs, character_weight: whom to keep, and 0 (the face alone) to 100.
    object_ref, object_weight: the one thing to keep, 1 to 1000.
    stylize: 0 to 1000. style: the name of a preset (`generation.prompts.styles`). raw: no styling of the house.
    chaos: 0 to 100. weird: 0 to 3000. exp: 0 to 100.
    profile: ids of taste profiles; empty for one's own.
    quality: .25, .5, 1, 2 or 4. draft: quick and rough. stop: 10 to 100, the share of the way that is gone.
    speed: which lane; None leaves it to the account.
    seed: 0 to 2**32 - 1, or None when a fresh one is to be drawn. same_seed: one seed for every picture of the grid.
    steps: 1 to 150. guidance: 1 to 30. sampler, schedule: None leaves these to the model.
    loras: additions to the model, each once, in typed order.
    model: the name of a model, or None when the account's choice counts.
    version, niji: of Midjourney's models, which there are none of here.
    visibility: None leaves it to the account's setting.
    given: names of the parameters that were typed. A value that was not typed is the table's default, and
        an account's own default may take its place.
    text: the typed words without images and parameters, weights included, for showing; it takes no part in equality.
    warnings: what a person should know though the prompt is valid; takes no part in equality.
    """

    parts: tuple[PromptPart, ...]
    images: tuple[str, ...] = ()
    aspect: Aspect = Aspect(1, 1)
    tile: bool = False
    zoom: float | None = None
    hd: bool = False
    hires: float | None = None
    best: int = 4
    repeat: int = 1
    negative: tuple[str, ...] = ()
    image_weight: float = 1.0
    strength: float | None = None
    character_refs: tuple[str, ...] = ()
    character_weight: int = 100
    object_ref: str | None = None
    object_weight: int = 100
    stylize: int = 100
    style: str | None = None
    raw: bool = False
    style_refs: tuple[WeightedRef, ...] = ()
    style_weight: int = 100
    style_version: int | None = None
    chaos: int = 0
    weird: int = 0
    exp: int = 0
    profile: tuple[str, ...] | None = None
    quality: float = 1.0
    draft: bool = False
    stop: int = 100
    speed: Speed | None = None
    seed: int | None = None
    same_seed: int | None = None
    steps: int | None = None
    guidance: float | None = None
    sampler: SamplerName | None = None
    schedule: ScheduleName | None = None
    model: str | None = None
    loras: tuple[AdapterUse, ...] = ()
    version: str | None = None
    niji: str | None = None
    visibility: Visibility | None = None
    given: frozenset[str] = frozenset()
    text: str = field(default="", compare=False)
    warnings: tuple[PromptProblem, ...] = field(default=(), compare=False)
