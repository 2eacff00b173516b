"""The frozen meaning of a prompt, as the job rules receive it."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from math import gcd
from typing import Literal

from generation.contracts import PromptPart
from generation.prompts.problems import PromptProblem

Visibility = Literal["public", "private"]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptSpec:
    """What a prompt means. Two prompts that mean the same are equal.

    parts: at least one; weights are the smallest whole numbers of the same proportion, none is 0, their sum
        is positive; a single part weighs 1.
    negative: things to keep out of the picture, in typed order, each once.
    seed: 0 to 2**32 - 1, or None when a fresh one is to be drawn.
    stylize: 0 to 1000; quality: .25, .5, 1 or 2.
    best: how many pictures are painted for the four that are kept.
    model: the name of a model, or None when the account's choice counts.
    visibility: None leaves it to the account's setting.
    given: names of the parameters that were typed. A value that was not typed is the table's default, and
        an account's own default may take its place.
    text: the typed words without parameters, weights included, for showing; it takes no part in equality.
    warnings: what a person should know though the prompt is valid; takes no part in equality.
    """

    parts: tuple[PromptPart, ...]
    negative: tuple[str, ...]
    aspect: Aspect
    seed: int | None
    stylize: int
    quality: float
    best: int
    visibility: Visibility | None
    model: str | None = None
    given: frozenset[str]
    text: str = field(compare=False)
    warnings: tuple[PromptProblem, ...] = field(default=(), compare=False)
