"""Scenes from a seed: how likely everything is, what goes together, and which combinations are never trained on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

import numpy as np

from generation.starter.scenes.palette import Rng
from generation.starter.scenes.world import (
    AIR,
    COLORS,
    GROUNDS,
    HOVER,
    KINDS,
    PLACES,
    POSITIONS,
    RELATIONS,
    RIDERS,
    SEATS,
    SIZES,
    STYLES,
    SUBJECTS,
    TIME_OF,
    TIMES,
    WATER,
    WEATHER_OF,
    Scene,
)

DEFAULT_STYLE: Final = "vector"
_COLOR_FOLD: Final = 16
_PLACE_FOLD: Final = 10
_UNDER_WATER_NOT: Final = frozenset({"boat", "balloon", "airplane", "bee", "butterfly", "bird", "owl"})


@dataclass(frozen=True)
class Mix:
    """What a split shows: its subjects, and shares (0 to 1)."""

    subjects: tuple[str, ...] = SUBJECTS
    landscapes: float = 0.05
    pairs: float = 0.16
    groups: float = 0.12
    designs: float = 0.22
    default_style: float = 0.16
    clear: float = 0.44
    rainbow: float = 0.04


class Split(NamedTuple):
    """A stream of scenes: its seed, and whether it holds the combinations that are never trained on, or the others."""

    seed: int
    held_out: bool = False
    mix: Mix = Mix()


SPLITS: Final[dict[str, Split]] = {
    "train": Split(11),
    "val": Split(12),
    "held": Split(13, held_out=True, mix=Mix(landscapes=0.0)),
    "big": Split(14),
    "bigval": Split(15, held_out=True, mix=Mix(landscapes=0.0)),
}
"""The splits of a training run; "big" ones are for 256 px."""


def splits_of(mix: Mix) -> dict[str, Split]:
    """The splits of a training run with another mix; splits that hold combinations out have no landscapes."""
    return {
        name: split._replace(mix=replace(mix, landscapes=0.0) if split.held_out else mix)
        for name, split in SPLITS.items()
    }


def scene_at(split: Split, row: int) -> Scene:
    """Row `row` of a split; it depends on the split's seed, its shares and the row alone."""
    rng = np.random.default_rng([split.seed, row])
    while True:
        scene = sample(rng, split.mix)
        if is_held_out(scene) == split.held_out:
            return scene


def is_held_out(scene: Scene) -> bool:
    """Whether a scene has a combination that is never trained on.

    These are about 1 of 16 of subject and color, and 1 of 10 of subject, place (or kind of design) and style.
    """
    where = scene.place or scene.kind
    pairs = ((scene.subject, scene.color), (scene.subject2, scene.color2))
    return any(
        name is not None
        and (
            _fold(_COLOR_FOLD, "color", name, color) == 0 or _fold(_PLACE_FOLD, "place", name, where, scene.style) == 0
        )
        for name, color in pairs
    )


def _fold(folds: int, *words: str | None) -> int:
    digest = hashlib.blake2b("|".join(map(str, words)).encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big") % folds


def sample(rng: Rng, mix: Mix = Mix()) -> Scene:
    """One scene, held out or not."""
    if rng.uniform() < mix.designs:
        return _design(rng, mix)
    scene = _in_a_place(rng, mix)
    share = rng.uniform()
    if share < mix.landscapes:
        return replace(scene, subject=None, color=None, count=0)
    if share < mix.landscapes + mix.pairs:
        return _related(scene, rng, mix)
    if share < mix.landscapes + mix.pairs + mix.groups:
        return replace(scene, count=int(rng.integers(2, 5)))
    return _framed(scene, rng)


def _pick(rng: Rng, values: Sequence[Any], shares: Sequence[float] | None = None) -> Any:
    return values[int(rng.integers(len(values)) if shares is None else rng.choice(len(values), p=shares))]


def _one_of(rng: Rng, values: Iterable[str]) -> str:
    return str(_pick(rng, sorted(values)))


def _color(rng: Rng, mix: Mix) -> str:
    return "rainbow" if rng.uniform() < mix.rainbow else str(_pick(rng, COLORS[:-1]))


def _style(rng: Rng, mix: Mix) -> str:
    return DEFAULT_STYLE if rng.uniform() < mix.default_style else str(_pick(rng, STYLES[1:]))


def _seed(rng: Rng) -> int:
    return int(rng.integers(1 << 40))


def _fits(subject: str, place: str) -> bool:
    return place != "underwater" or subject not in _UNDER_WATER_NOT


def _in_a_place(rng: Rng, mix: Mix) -> Scene:
    """A single subject in the middle of a place at some time in some weather."""
    place = str(_pick(rng, PLACES))
    subject = _one_of(rng, (name for name in mix.subjects if _fits(name, place)))
    weather = "clear" if rng.uniform() < mix.clear else _one_of(rng, WEATHER_OF[place])
    times = TIME_OF.get(weather, frozenset(TIMES))
    time = "night" if place == "space" else _one_of(rng, times)
    color = _color(rng, mix)
    return Scene(_seed(rng), subject, color, place=place, time=time, weather=weather, style=_style(rng, mix))


def _framed(scene: Scene, rng: Rng) -> Scene:
    """A single subject, from a wide shot to a close-up, left, right or in the middle."""
    size = str(_pick(rng, SIZES, (0.04, 0.09, 0.42, 0.30, 0.15)))
    position = "center" if size == "closeup" else str(_pick(rng, POSITIONS, (0.25, 0.5, 0.25)))
    return replace(scene, size=size, position=position)


def _related(scene: Scene, rng: Rng, mix: Mix) -> Scene:
    """Two subjects in one of the relations that suit them."""
    relation = str(_pick(rng, RELATIONS, (0.22, 0.22, 0.15, 0.10, 0.09, 0.09, 0.13)))
    first, second = _couple(relation, frozenset(mix.subjects), rng)
    if first == second or not (_fits(first, scene.place or "") and _fits(second, scene.place or "")):
        return _related(scene, rng, mix)
    return replace(scene, subject=first, relation=relation, subject2=second, color2=_color(rng, mix))


def _couple(relation: str, known: frozenset[str], rng: Rng) -> tuple[str, str]:
    """Two names for a relation; what is above flies, and who sits on top fits on it."""
    aloft = known & (AIR | HOVER)
    if relation == "on top of":
        return _one_of(rng, known & RIDERS), _one_of(rng, known & SEATS)
    if relation in ("above", "below"):
        upper, lower = _one_of(rng, aloft), _one_of(rng, known - aloft)
        return (upper, lower) if relation == "above" else (lower, upper)
    if relation in ("in front of", "behind"):
        far, near = _one_of(rng, known - AIR - WATER), _one_of(rng, known - AIR - WATER - HOVER)
        return (near, far) if relation == "in front of" else (far, near)
    return _one_of(rng, known), _one_of(rng, known)


def _design(rng: Rng, mix: Mix) -> Scene:
    """A plain ground, a logo, a sticker or a pattern."""
    kind = str(_pick(rng, KINDS[1:], (0.24, 0.28, 0.18, 0.30)))
    color = _color(rng, mix)
    grounds = [name for name in GROUNDS if name != color]
    ground = "white" if color != "white" and rng.uniform() < 0.3 else str(_pick(rng, grounds))  # noqa: PLR2004
    subject = str(_pick(rng, mix.subjects))
    size = "large" if kind == "plain" else "normal"
    return Scene(_seed(rng), subject, color, style=_style(rng, mix), kind=kind, ground=ground, size=size)
