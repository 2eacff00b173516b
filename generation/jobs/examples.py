"""The pictures that show what prompts mean: how each is painted, and what of them the pages can show.

Nothing here paints; `manage.py paint_examples` does (`workers/examples.py`). A digest of plan and weights stands beside
each picture, so that whoever changes what it was painted with hears that it has to be painted again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final, TypedDict

from generation.contracts import CheckpointCard, RenderPlan
from generation.jobs.checkpoints import describe_checkpoint
from generation.jobs.meaning import mean
from generation.jobs.weights import weight_files
from generation.models import Checkpoint
from generation.prompts import examples
from generation.prompts.examples import REFERENCES, Example
from generation.prompts.parser import parse
from generation.prompts.styles import StylePreset, find_styles
from generation.starter import WEIGHTS_DIR
from mjweb.common.saying import say

FOLDER: Final = Path(__file__).parents[2] / "static" / examples.FOLDER
MANIFEST: Final = "manifest.json"
WEBP_QUALITY: Final = 80


class Painted(TypedDict):
    """What the manifest says of one file.

    seed: of its first picture. bytes: its size. digest: of the plans that made it.
    """

    prompt: str
    value: str
    seed: int
    width: int
    height: int
    bytes: int
    digest: str


class Manifest(TypedDict):
    """All files by their names, and the digest of the weights that painted them."""

    weights: str
    pictures: dict[str, Painted]


@dataclass(frozen=True, slots=True)
class Painting:
    """What the engine is to paint for an example.

    sources: the files of the examples that it begins with, one for each of the plan's `source_uses`.
    """

    example: Example
    plan: RenderPlan
    sources: tuple[str, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture as a page shows it. path: below the static files; prompt: what was typed for it."""

    path: str
    width_px: int
    height_px: int
    prompt: str
    caption: str

    @property
    def shown_caption(self) -> str:
        """What is different about it, in the language of whoever is answered."""
        return say(self.caption)


@dataclass(frozen=True, slots=True)
class ShownRow:
    """The pictures beside a parameter, in order. words: what all of their prompts begin with."""

    words: str
    pictures: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """A style with its subject before and after; either is None where it is not painted yet."""

    preset: StylePreset
    before: Shown | None
    after: Shown | None


def starter_card() -> CheckpointCard:
    """The numbers of the model that paints them."""
    return describe_checkpoint(WEIGHTS_DIR, source=str(WEIGHTS_DIR))


def weights_digest(folder: Path = WEIGHTS_DIR) -> str:
    """One hash over all weights in a folder."""
    return _digest(weight_files(folder))


def painting(example: Example, card: CheckpointCard) -> Painting:
    """How an example is painted: by the way of every prompt, but for the pictures of a grid that it does not show.

    Raises:
        PromptErrors: its prompt cannot be read.
    """
    meaning = mean(parse(example.prompt), card, ratio=1.0)
    plan = meaning.plan
    if example.layout != "grid":
        plan = replace(plan, seeds=plan.seeds[:1], keep=None)
    named = [REFERENCES[picture.reference] for picture in meaning.pictures]
    begun = [painting(one, card).digest for one in named]
    digest = _digest([_said(plan), example.layout, WEBP_QUALITY, begun])
    return Painting(example, plan, tuple(one.file for one in named), digest)


def read_manifest(folder: Path = FOLDER) -> Manifest:
    """What is painted; nothing where nobody has painted yet."""
    try:
        found: Manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {"weights": "", "pictures": {}}
    return found


def stale(manifest: Manifest, wanted: Iterable[Painting], weights: str) -> list[Painting]:
    """Of these paintings, those that the manifest does not have as they would be painted now."""
    kept: Mapping[str, Painted] = manifest["pictures"] if manifest["weights"] == weights else {}
    return [one for one in wanted if (found := kept.get(one.example.file)) is None or found["digest"] != one.digest]


@cache
def row_of(parameter: str) -> ShownRow | None:
    """The pictures that show a parameter; None for one that pictures cannot show."""
    row = examples.row_of(parameter)
    pictures = [_shown(example) for example in row.examples] if row else []
    return ShownRow(row.words, tuple(filter(None, pictures))) if row and any(pictures) else None


@cache
def look(preset: StylePreset) -> Look:
    """A style with its pictures."""
    return Look(preset, _shown(examples.before(preset)), _shown(examples.after(preset)))


def all_looks() -> tuple[Look, ...]:
    """Every style with its pictures, shelf by shelf."""
    return tuple(look(preset) for preset in find_styles(""))


def first_picture(prompt: str, checkpoint: Checkpoint | None) -> Shown | None:
    """What comes of a prompt for the first minute; None where it is none, or where this model did not paint it."""
    is_painter = checkpoint is not None and _digest(checkpoint.weight_files) == _manifest()["weights"]
    return _shown(examples.first(prompt)) if is_painter and prompt in examples.FIRST else None


def _shown(example: Example) -> Shown | None:
    painted = _manifest()["pictures"].get(example.file)
    if painted is None:
        return None
    path = f"{examples.FOLDER}/{example.file}"
    return Shown(path, painted["width"], painted["height"], example.prompt, example.caption)


@cache
def _manifest() -> Manifest:
    return read_manifest()


def _said(value: Any) -> Any:
    """A plan as JSON values, without what stands at its default: a new field changes no digest."""
    if isinstance(value, tuple):
        return [_said(one) for one in value]
    if not is_dataclass(value):
        return value
    told = ((field, getattr(value, field.name)) for field in fields(value))
    return {field.name: _said(one) for field, one in told if field.default is MISSING or one != field.default}


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
