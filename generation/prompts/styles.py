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

__all__ = ["PRESETS", "StylePreset"]

_SHELVES: Final = (PHOTO, PAINTING, DRAWING, PRINT, DESIGN, THREE_D, WORLD)
PRESETS: Final[Mapping[str, StylePreset]] = {preset.name: preset for shelf in _SHELVES for preset in shelf}
"""Every style by its name, shelf by shelf."""
