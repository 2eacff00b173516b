"""What CLIP tells people: which words of a prompt count, shorter prompts, and prompts for a picture."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Final
from uuid import UUID

from generation.jobs.choosing import models_for
from generation.jobs.questions import Question, ask
from generation.jobs.services import visible_image
from generation.prompts.canonical import canonical
from generation.prompts.parser import check, parse
from generation.prompts.spec import PromptSpec
from mjweb.accounts.models import User

_SHAPES: Final = tuple(
    Fraction(*sides)
    for width, height in ((1, 1), (5, 4), (4, 3), (3, 2), (16, 9), (2, 1), (5, 2), (3, 1))
    for sides in {(width, height), (height, width)}
)
"""As people write them. Sizes are rounded to what networks paint, so a picture's own ratio has odd numbers."""
_NEAR: Final = math.log(1.04)


@dataclass(frozen=True, slots=True)
class TellingWord:
    """A word of a prompt; part: the number of its part, from 0; share: 0 to 1, relative to the most telling one."""

    text: str
    part: int
    share: float


@dataclass(frozen=True, slots=True)
class Shortening:
    """The words of a prompt, in order, and up to five shorter prompts, longest first."""

    words: tuple[TellingWord, ...]
    prompts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Depiction:
    """Four prompts that show something like a picture, fewer where the model knows too few words.

    shown: what the picture shows of each topic, as JSON values: topic, phrase, gain, rival, margin.
    """

    prompts: tuple[str, ...]
    shown: tuple[dict[str, Any], ...]


def shorten_prompt(user: User, text: str) -> Shortening:
    """Ranks the words of a prompt by what they tell, and leaves out ever more. Weights and parameters stay.

    Raises:
        PromptErrors: everything that is wrong with the prompt.
        NoWorkerError, NotAnsweredError, StillAskingError, TooManyWordsError.
    """
    spec = parse(text)
    if not spec.parts:
        return Shortening((), ())
    answer = ask(Question(kind="shorten", parts=tuple(part.text for part in spec.parts)), user)
    words = tuple(TellingWord(**word) for word in answer["words"])
    return Shortening(words, tuple(_shorter(spec, answer["shorter"])))


def describe_image(user: User, image_id: UUID) -> Depiction:
    """Four prompts for a picture that this person may see.

    Raises:
        ImageNotFoundError: there is none.
        NoWorkerError, NotAnsweredError, StillAskingError, PictureGoneError.
    """
    image = visible_image(user, image_id)
    return describe_file(user, image.original_name, image.width_px, image.height_px)


def describe_file(user: User, name: str, width_px: int, height_px: int) -> Depiction:
    """The same for any picture in the media storage; whoever calls has checked that the person may see it."""
    preferred = models_for(user).preferred
    answer = ask(Question(kind="describe", file=name, model=preferred.name if preferred else ""), user)
    shape = aspect_of(width_px, height_px)
    prompts = (f"{text} --ar {shape.numerator}:{shape.denominator}" for text in answer["prompts"])
    return Depiction(tuple(prompts), tuple(answer["shown"]))


def aspect_of(width_px: int, height_px: int) -> Fraction:
    """Width to height in small numbers, at most 3:1 and at least 1:3: the usual shape where one is within 4 %."""
    ratio = min(max(Fraction(width_px, height_px), Fraction(1, 3)), Fraction(3))
    nearest = min(_SHAPES, key=lambda shape: abs(math.log(ratio / shape)))
    return nearest if abs(math.log(ratio / nearest)) <= _NEAR else ratio.limit_denominator(10)


def _shorter(spec: PromptSpec, shorter: Sequence[Sequence[str]]) -> Iterator[str]:
    """Prompts with their weights and parameters; one that would be read otherwise, as half a quotation is, is none."""
    for texts in shorter:
        parts = tuple(replace(part, text=text) for part, text in zip(spec.parts, texts, strict=True))
        prompt = canonical(replace(spec, parts=parts))
        read = check(prompt).spec
        if read is not None and read.parts == parts:
            yield prompt
