"""The library of styles: looks that have a name, so that `--style watercolor` says what else takes a line of words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from generation.prompts.presets.design import DESIGN
from generation.prompts.presets.drawing import DRAWING
from generation.prompts.presets.painting import PAINTING
from generation.prompts.presets.photo import PHOTO
from generation.prompts.presets.preset import StylePreset
from generation.prompts.presets.print import PRINT
from generation.prompts.presets.three_d import THREE_D
from generation.prompts.presets.world import WORLD

__all__ = ["PRESETS", "StylePreset", "find_styles"]

_SHELVES: Final = (PHOTO, PAINTING, DRAWING, PRINT, DESIGN, THREE_D, WORLD)
PRESETS: Final[Mapping[str, StylePreset]] = {preset.name: preset for shelf in _SHELVES for preset in shelf}
"""Every style by its name, shelf by shelf."""


def find_styles(words: str) -> tuple[StylePreset, ...]:
    """The styles in which every one of these words stands, begun or whole: in name, title, sentence, shelf or text.

    Title, sentence and shelf are looked at in English and in the language of whoever looks.

    Without words it is all of them.
    """
    wanted = words.casefold().split()
    return tuple(preset for preset in PRESETS.values() if all(word in _told(preset) for word in wanted))


def _told(preset: StylePreset) -> str:
    shown = (preset.shown_title, preset.shown_sentence, preset.shown_group)
    return " ".join((preset.name, preset.title, preset.sentence, preset.group, *shown, preset.around(""))).casefold()
