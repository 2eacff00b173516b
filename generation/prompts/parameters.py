"""The table of parameters. Parser, canonical form, help page, settings panel and API schema all read it.

A new parameter is a row in `generation.prompts.table` and a field of `PromptSpec`.
"""

from __future__ import annotations

from typing import Final

from generation.prompts.table.images import IMAGES
from generation.prompts.table.numbers import MAX_SEED, NUMBERS
from generation.prompts.table.picture import PICTURE
from generation.prompts.table.refused import REFUSED
from generation.prompts.table.row import GROUPS, Parameter, Refused
from generation.prompts.table.sharing import SHARING
from generation.prompts.table.speed import SPEED
from generation.prompts.table.style import STYLE
from generation.prompts.table.words import WORDS

__all__ = [
    "BY_NAME",
    "CONFLICTS",
    "GROUPS",
    "MAX_SEED",
    "NAMES",
    "PARAMETERS",
    "REFUSED",
    "REFUSED_BY_NAME",
    "Parameter",
]

PARAMETERS: Final[tuple[Parameter, ...]] = (*PICTURE, *WORDS, *IMAGES, *STYLE, *SPEED, *NUMBERS, *SHARING)
"""Everything that may be typed, in the order of canonical text."""

BY_NAME: Final[dict[str, Parameter]] = {name: row for row in PARAMETERS for name in (row.name, *row.aliases)}
REFUSED_BY_NAME: Final[dict[str, Refused]] = {name: row for row in REFUSED for name in (row.name, *row.aliases)}
NAMES: Final = frozenset({*BY_NAME, *REFUSED_BY_NAME})
"""Every name that means something, so that nobody's option set may take it."""


def _excluded(row: Parameter) -> frozenset[str]:
    named = {other.name for other in PARAMETERS if row.name in other.conflicts or other.name in row.conflicts}
    of_one_field = {other.name for other in PARAMETERS if other.field == row.field and other is not row}
    return frozenset(named | of_one_field)


CONFLICTS: Final[dict[str, frozenset[str]]] = {row.name: _excluded(row) for row in PARAMETERS}
"""For each parameter the names of those that it excludes."""
