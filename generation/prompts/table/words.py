"""Parameters that are words themselves."""

from __future__ import annotations

from typing import Final

from generation.prompts.table.row import Parameter
from generation.prompts.values import Phrases

WORDS: Final = (
    Parameter(
        name="no",
        aliases=("negative",),
        group="words",
        field="negative",
        kind=Phrases(),
        default=(),
        default_text="nothing",
        sentence="Keeps things out of the pictures. Part several with commas.",
        example="people, text",
        versions="all",
    ),
)
