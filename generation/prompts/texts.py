"""The texts of the tables, for the catalog of translations: they stand as they are and are translated when shown."""

from __future__ import annotations

from collections.abc import Iterator

from generation.prompts.parameters import GROUPS, PARAMETERS, REFUSED
from generation.prompts.styles import PRESETS
from generation.prompts.table.row import ALL, OURS


def texts() -> Iterator[str]:
    """Every text of the tables of parameters, refused names and styles that people read, each once."""
    return iter(dict.fromkeys(filter(_has_words, _texts())))


def _texts() -> Iterator[str]:
    yield from GROUPS.values()
    for row in PARAMETERS:
        yield from (row.sentence, row.default_text, row.reason)
        yield from () if row.versions in {ALL, OURS} else (row.versions,)
    yield from (refused.reason for refused in REFUSED)
    for preset in PRESETS.values():
        yield from (preset.title, preset.sentence, preset.group)


def _has_words(text: str) -> bool:
    return any(letter.isalpha() for letter in text)
