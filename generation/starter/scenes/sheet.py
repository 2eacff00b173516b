"""Contact sheets, to judge the renderer by eye.

python -m generation.starter.scenes.sheet sheet.png --rows style --columns subject --place meadow
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from generation.starter.scenes.render import render
from generation.starter.scenes.sampling import SPLITS, scene_at
from generation.starter.scenes.world import ATTRIBUTES, Scene

_VALUES: Final = {
    attribute.name: [value for value in attribute.values if value is not None] for attribute in ATTRIBUTES
}
_BASE: Final = Scene(0, "house", "red", place="meadow", time="noon", weather="clear")
_DESIGN: Final[dict[str, Any]] = {"place": None, "time": None, "weather": None}


def grid(rows: Sequence[Sequence[Scene]], side: int) -> npt.NDArray[np.uint8]:
    """The pictures of scenes in rows and columns, `side` px each."""
    return np.concatenate([np.concatenate([render(scene, side) for scene in row], 1) for row in rows], 0)


def with_values(scene: Scene, **values: Any) -> Scene:
    """The scene with other values; a design loses its place, its time and its weather."""
    changed = replace(scene, **values)
    return replace(changed, **_DESIGN) if changed.kind != "scene" else changed


def main(arguments: Sequence[str] | None = None) -> None:
    """Write a sheet: rows and columns run through two attributes, or through random scenes of a split."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--side", type=int, default=128, help="px of a picture")
    parser.add_argument("--rows", choices=_VALUES, help="attribute that changes from row to row")
    parser.add_argument("--columns", choices=_VALUES, help="attribute that changes from column to column")
    parser.add_argument("--split", choices=SPLITS, default="train")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--many", type=int, default=8, help="rows and columns of what does not run through values")
    for name in _VALUES:
        parser.add_argument(f"--{name}", help="one value, or several with commas between")
    asked = parser.parse_args(arguments)
    fixed = {name: _parsed(name, text) for name in _VALUES if (text := getattr(asked, name))}
    rows, columns = (_runs(name, fixed, asked.many) for name in (asked.rows, asked.columns))
    scenes = []
    for y, row in enumerate(rows):
        start = scene_at(SPLITS[asked.split], asked.seed + y) if not (asked.rows or asked.columns) else _BASE
        line = []
        for x, column in enumerate(columns):
            scene = (
                start
                if asked.rows or asked.columns
                else scene_at(SPLITS[asked.split], asked.seed * 10_000 + y * 100 + x)
            )
            seed = asked.seed * 1000 + (x if not asked.columns else 0) + (y if not asked.rows else 0)
            single = {name: values[0] for name, values in fixed.items()}
            line.append(
                with_values(
                    replace(scene, seed=seed) if asked.rows or asked.columns else scene, **{**single, **row, **column}
                )
            )
        scenes.append(line)
    Image.fromarray(grid(scenes, asked.side)).save(asked.out)


def _parsed(name: str, text: str) -> list[Any]:
    values = [int(part) if name == "count" else part for part in text.split(",")]
    unknown = [value for value in values if value not in _VALUES[name]]
    if unknown:
        raise SystemExit(f"--{name} knows no {unknown[0]}; it knows {', '.join(map(str, _VALUES[name]))}.")
    return values


def _runs(name: str | None, fixed: dict[str, list[Any]], count: int) -> list[dict[str, Any]]:
    """What changes from row to row, or from column to column."""
    if name is None:
        return [{} for _ in range(count)]
    return [{name: value} for value in fixed.get(name, _VALUES[name])]


if __name__ == "__main__":
    main()
