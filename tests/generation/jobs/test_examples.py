"""The pictures that ship are those that this version would paint. Where one is not, `manage.py paint_examples`."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from itertools import combinations

import pytest
from PIL import Image

from generation.contracts import RenderPlan
from generation.jobs.examples import FOLDER, _said, painting, read_manifest, row_of, stale, starter_card, weights_digest
from generation.jobs.meaning import mean
from generation.prompts.examples import ROWS, UNSEEN, Example, every_example
from generation.prompts.parameters import BY_NAME
from generation.prompts.parser import parse

MOST_BYTES = 1_200_000


@pytest.fixture(scope="module")
def manifest():
    return read_manifest()


@pytest.fixture(scope="module")
def paintings():
    card = starter_card()
    return [painting(example, card) for example in every_example().values()]


def test_the_weights_that_ship_painted_them(manifest):
    assert manifest["weights"] == weights_digest()


def test_each_was_painted_as_it_would_be_now(manifest, paintings):
    assert [one.example.prompt for one in stale(manifest, paintings, weights_digest())] == []
    assert set(manifest["pictures"]) == {one.example.file for one in paintings}


def test_each_file_is_there_and_what_the_manifest_says(manifest):
    assert {path.name for path in FOLDER.glob("*.webp")} == set(manifest["pictures"])
    for file, said in manifest["pictures"].items():
        assert (FOLDER / file).stat().st_size == said["bytes"], file
        with Image.open(FOLDER / file) as image:
            assert (image.format, *image.size) == ("WEBP", said["width"], said["height"]), file
    assert sum(said["bytes"] for said in manifest["pictures"].values()) < MOST_BYTES


@pytest.mark.parametrize("row", [pytest.param(row, id=row.shows[0]) for row in ROWS])
def test_the_pictures_of_a_row_differ(row):
    files = [FOLDER / example.file for example in row.examples]
    assert all(one.read_bytes() != other.read_bytes() for one, other in combinations(files, 2))
    shown = row_of(row.shows[-1])
    assert [picture.caption for picture in shown.pictures] == [example.caption for example in row.examples]


def test_other_weights_or_another_prompt_ask_for_painting(manifest, paintings):
    assert stale(manifest, paintings, "other weights") == paintings
    card = starter_card()
    longer = painting(replace(paintings[5].example, prompt=f"{paintings[5].example.prompt} --steps 9"), card)
    assert stale(manifest, [*paintings[:5], longer], manifest["weights"]) == [longer]


def test_a_picture_is_painted_anew_with_the_one_that_it_begins_with(monkeypatch):
    card = starter_card()
    zoomed = next(one for one in every_example().values() if "--zoom 2" in one.prompt)
    known = painting(zoomed, card)
    fox, *_ = known.sources
    monkeypatch.setattr(
        "generation.jobs.examples.REFERENCES", {zoomed.prompt.split()[0]: Example(fox, "a cat --seed 1", "")}
    )
    assert painting(zoomed, card).digest != known.digest
    assert painting(zoomed, card).plan == known.plan


def test_a_new_field_of_plans_changes_no_digest(paintings):
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Longer(RenderPlan):
        """A plan with one more way to change a picture."""

        glitter: int = 0

    plan = paintings[0].plan
    values = {field.name: getattr(plan, field.name) for field in fields(plan)}
    assert _said(Longer(**values)) == _said(plan)
    assert _said(Longer(**values, glitter=1)) != _said(plan)


@pytest.mark.parametrize("name", [name for name in UNSEEN if name not in {"repeat", "model", "lora"}])
def test_what_has_no_picture_changes_none(name):
    plans = [
        mean(parse(f"a fox --seed 7 {said}"), starter_card()).plan for said in ("", f"--{BY_NAME[name].usage[2:]}")
    ]
    assert plans[0] == plans[1]
