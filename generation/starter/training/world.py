"""The world of a model: the mix of scenes that it was trained on, in a file beside its networks.

The evaluation asks for what the model was shown, and the product lists what it knows.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from generation.starter.scenes import Mix, words, world
from generation.starter.training.files import write_text

WORLD_FILE: Final = "world.json"
_LITTLE: Final = """
    above acoustic air among and art artwork baby background bit book bottom bright brush calm canvas clear clearing
    craft cub cubs cut cute deep design die drawing early fall falling field floor flying fresh friendly from front
    game high home homes hot illustration inside into jack japanese jet landscape layered light lights line little
    living love low man men model near old open outer over painting panel per picture piece pop print product range
    render repeating retro rolling royal scene school shot sign sky small smiling soft street strokes style tea
    that the thick town under view vintage warm weather while window with world
"""
"""Words of our phrases that mean nothing to the model on their own."""


def write_world(mix: Mix, folder: Path) -> None:
    """Effects: writes `world.json`: what a prompt can ask for by topic, every word that means something, the mix."""
    knows = {
        "Things": [words.SUBJECT[name][0] for name in mix.subjects],
        "Colors": [words.COLOR[name][0] for name in world.COLORS],
        "Places": list(world.PLACES),
        "Times of day": [words.TIME[name].tags[0] for name in world.TIMES],
        "Weather": [words.WEATHER[name].tags[0] for name in world.WEATHERS],
        "Styles": [words.STYLE[name].tags[0] for name in world.STYLES],
        "Where": list(world.RELATIONS),
        "Designs": [words.KIND_TAGS[name][0] for name in world.KINDS if name in words.KIND_TAGS],
    }
    values = {"knows": knows, "words": sorted(telling_words(mix)), "mix": mix_values(mix)}
    write_text(json.dumps(values, indent=1) + "\n", folder / WORLD_FILE)


def telling_words(mix: Mix) -> set[str]:
    """The single words of all phrases for things, colors, places, light, styles and designs."""
    nouns = [phrase for name in mix.subjects for phrase in words.SUBJECT[name]]
    phrases = [*nouns, *map(words.plural, nouns)]
    for table in (words.COLOR, words.KIND_TAGS):
        phrases += [phrase for meant in table.values() for phrase in meant]
    for pairs in (words.PLACE, words.TIME, words.WEATHER, words.STYLE):
        phrases += [phrase for meant in pairs.values() for group in meant for phrase in group]
    return {word for phrase in phrases for word in re.findall(r"[a-z]{3,}", phrase.lower())} - set(_LITTLE.split())


def read_world(folder: Path) -> Mix:
    """The mix that the networks of this folder were trained on; the whole world where none is noted."""
    file = folder / WORLD_FILE
    noted = json.loads(file.read_text(encoding="utf-8")).get("mix") if file.exists() else None
    return mix_of(noted) if noted else Mix()


def mix_values(mix: Mix) -> dict[str, Any]:
    """A mix as JSON keeps it."""
    return {**asdict(mix), "subjects": list(mix.subjects)}


def mix_of(values: dict[str, Any]) -> Mix:
    """A mix from what JSON keeps of it."""
    return Mix(**{**values, "subjects": tuple(values["subjects"])})
