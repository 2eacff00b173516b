"""Painting the pictures of the help page, with the starter model."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from PIL import Image

from generation.prompts.examples import FOX, REFERENCES, Example
from generation.workers import examples
from generation.workers.examples import paint_examples

FEW = {
    "fox.webp": replace(REFERENCES[FOX], prompt="a red fox --steps 2 --seed 7"),
    "zoom.webp": Example("zoom.webp", f"{FOX} a red fox --steps 2 --zoom 2 --seed 7", "--zoom 2"),
    "grid.webp": Example("grid.webp", "a boat --steps 1 --best 5 --seed 7", "", "grid"),
    "tiled.webp": Example("tiled.webp", "a boat --steps 1 --tile --seed 7", "", "tiled"),
}


@pytest.fixture
def few(monkeypatch):
    """Few pictures of few steps; the dictionary may be changed."""
    few = dict(FEW)
    monkeypatch.setattr(examples, "every_example", lambda: few)
    for room in ("generation.jobs.examples", "generation.workers.examples"):
        monkeypatch.setattr(f"{room}.REFERENCES", {FOX: FEW["fox.webp"]})
    return few


def test_it_paints_what_is_missing_and_the_same_bytes_again(few, tmp_path):
    told = []
    first = paint_examples(tmp_path, tell=lambda done, of: told.append((done, of)))
    assert (first.painted, first.kept, first.removed) == (4, 0, 0)
    assert told[-1] == (4, 4)
    files = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert set(files) == {*FEW, "manifest.json"}
    assert first.size_bytes == sum(len(data) for name, data in files.items() if name.endswith(".webp"))
    sizes = {
        file: (said["width"], said["height"]) for file, said in json.loads(files["manifest.json"])["pictures"].items()
    }
    assert sizes == {"fox.webp": (128, 128), "zoom.webp": (128, 128), "grid.webp": (258, 258), "tiled.webp": (256, 256)}
    with Image.open(tmp_path / "grid.webp") as grid:
        assert grid.convert("RGBA").getpixel((128, 10))[3] == 0  # nothing between the pictures
        assert grid.convert("RGBA").getpixel((10, 10))[3] == 255

    (tmp_path / "old.webp").write_bytes(b"a picture that no prompt has any more")
    again = paint_examples(tmp_path)
    assert (again.painted, again.kept, again.removed) == (0, 4, 1)
    paint_examples(tmp_path, anew=True)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == files

    few["tiled.webp"] = replace(FEW["tiled.webp"], prompt="a fish --steps 1 --tile --seed 7")
    assert paint_examples(tmp_path).painted == 1
    assert (tmp_path / "tiled.webp").read_bytes() != files["tiled.webp"]
    assert (tmp_path / "fox.webp").read_bytes() == files["fox.webp"]
