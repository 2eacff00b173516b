"""The world of a model: the mix of scenes that it was trained on, in a file beside its networks.

The evaluation asks for what the model was shown, and the product lists what it knows.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from generation.starter.scenes import Mix, world
from generation.starter.training.files import write_text

WORLD_FILE: Final = "world.json"


def write_world(mix: Mix, folder: Path) -> None:
    """Effects: writes `world.json`: the mix, and by kind the words that a prompt can use."""
    known = {
        "subjects": mix.subjects,
        "colors": world.COLORS,
        "places": world.PLACES,
        "times": world.TIMES,
        "weathers": world.WEATHERS,
        "styles": world.STYLES,
        "relations": world.RELATIONS,
        "kinds": world.KINDS,
    }
    write_text(json.dumps({"knows": known, "mix": mix_values(mix)}, indent=1) + "\n", folder / WORLD_FILE)


def read_world(folder: Path) -> Mix:
    """The mix that the networks of this folder were trained on; the whole world where nothing is noted."""
    file = folder / WORLD_FILE
    return mix_of(json.loads(file.read_text(encoding="utf-8"))["mix"]) if file.exists() else Mix()


def mix_values(mix: Mix) -> dict[str, Any]:
    """A mix as JSON keeps it."""
    return {**asdict(mix), "subjects": list(mix.subjects)}


def mix_of(values: dict[str, Any]) -> Mix:
    """A mix from what JSON keeps of it."""
    return Mix(**{**values, "subjects": tuple(values["subjects"])})
