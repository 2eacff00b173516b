"""Facts about a picture as tokens beside its words: one index answers words, facts, and both at once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Final

from django.contrib.postgres.search import SearchQuery

from generation.jobs.selectors import TypedPrompt, checkpoint_name
from generation.models import Image, JobKind

RESHAPED: Final = (JobKind.PAN, JobKind.SQUARE, JobKind.EDIT)
"""Their pictures have a shape of their own, whatever the prompt says."""
NEAR_STEPS: Final = 4
_STEP: Final = 0.01
"""Shapes are told apart by a hundredth; four of these steps either way are near."""
MOST_TAGS: Final = 500


class AnyOf(SearchQuery):
    """A query for pictures that have one of these tokens."""

    template = "%(expressions)s::tsquery"

    def __init__(self, *tokens: str, **options: Any) -> None:
        """Token by token as it stands: nothing here is words of a language."""
        super().__init__(" | ".join(map(quoted, tokens)), **options)


def marks_of(image: Image, prompt: TypedPrompt, tokens: Sequence[str]) -> list[str]:
    """Everything that facets ask for.

    tokens: the words of the prompt.
    """
    job = image.job
    typed = dict(prompt.parameters)
    marks = [f"kind:{job.kind}", model_mark(checkpoint_name(job)), f"seed:{image.seed}", shape_mark(image)]
    marks.append(f"near:{_steps(Fraction(image.width_px, image.height_px))}")
    if (ratio := typed.get("ar")) and job.kind not in RESHAPED:
        marks.append(f"ar:{ratio}")
    if style := typed.get("style"):
        marks.append(f"style:{style.lower()}")
    return [*marks, *map(tag_mark, list(dict.fromkeys(tokens))[:MOST_TAGS])]


def shape_mark(image: Image) -> str:
    """Which side is longer; neither of a square."""
    if image.width_px == image.height_px:
        return "shape:even"
    return "shape:portrait" if image.width_px < image.height_px else "shape:landscape"


def model_mark(name: str) -> str:
    """Of the model of this name."""
    return f"model:{name.lower()}"


def near_marks(ratio: Fraction) -> list[str]:
    """Of every shape that is near a ratio, to about 4 %."""
    middle = _steps(ratio)
    return [f"near:{step}" for step in range(middle - NEAR_STEPS, middle + NEAR_STEPS + 1)]


def tag_mark(token: str) -> str:
    """Of a word of the prompt, to the letter."""
    return f"tag:{token}"


def quoted(token: str) -> str:
    """As PostgreSQL reads a token of any letters."""
    escaped = token.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def _steps(ratio: Fraction) -> int:
    return round(math.log(ratio) / _STEP)
