from collections import Counter

import pytest

from generation.prompts.parser import check, parse
from generation.prompts.styles import PRESETS

EACH = [pytest.param(preset, id=preset.name) for preset in PRESETS.values()]
WANTED = {
    "photo",
    "cinematic",
    "anime",
    "logo",
    "product",
    "poster",
    "isometric",
    "line-art",
    "watercolor",
    "pixel-art",
}


def test_there_are_many_and_those_that_everybody_asks_for():
    assert len(PRESETS) >= 60
    assert set(PRESETS) >= WANTED
    assert len({preset.title for preset in PRESETS.values()}) == len(PRESETS)
    assert min(Counter(preset.group for preset in PRESETS.values()).values()) >= 8


@pytest.mark.parametrize("preset", EACH)
def test_each_has_words_that_can_be_typed(preset):
    text = f"{preset.around('a fox')} --no {', '.join(preset.negative)}"
    reading = check(text)
    assert (reading.problems, reading.warnings) == ((), ())
    assert reading.spec.negative == preset.negative
    assert len(reading.spec.parts[0].text) < 200
    assert preset.sentence.endswith(".")


@pytest.mark.parametrize("preset", EACH)
def test_each_is_named_by_its_name_and_by_its_title(preset):
    assert parse(f"a fox --style {preset.name}").style == preset.name
    assert parse(f'a fox --style "{preset.title}"').style == preset.name


def test_words_stand_between():
    assert PRESETS["logo"].around("a fox").startswith("a logo of a fox, ")
