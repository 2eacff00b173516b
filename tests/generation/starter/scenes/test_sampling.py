"""Scenes from a seed: deterministic, complete, consistent, and with held-out combinations kept apart."""

from __future__ import annotations

import dataclasses

import pytest

from generation.starter.scenes import ATTRIBUTES, SPLITS, Mix, Scene, Split, is_held_out, labels, scene_at, splits_of
from generation.starter.scenes.world import COLORS, CORE, PLACES, RELATIONS, STYLES, SUBJECTS, TIME_OF, WEATHER_OF

TRAIN = [scene_at(SPLITS["train"], row) for row in range(4000)]
HELD = [scene_at(SPLITS["held"], row) for row in range(400)]


def test_a_row_depends_on_the_seed_and_the_row_alone():
    assert scene_at(SPLITS["train"], 17) == TRAIN[17]
    assert scene_at(Split(11), 17) == TRAIN[17]
    assert scene_at(Split(12), 17) != TRAIN[17]
    assert len({scene.seed for scene in TRAIN}) == len(TRAIN)


def test_held_out_combinations_never_come_out_of_training():
    assert not any(is_held_out(scene) for scene in TRAIN)
    assert all(is_held_out(scene) for scene in HELD)
    assert not any(is_held_out(scene_at(SPLITS[name], row)) for name in ("val", "big") for row in range(200))


def test_a_mix_names_its_subjects():
    mix = Mix(CORE, pairs=0.5)
    splits = splits_of(mix)
    drawn = [scene_at(splits[name], row) for name in ("train", "held") for row in range(600)]
    assert {name for scene in drawn for name in scene.subjects} == set(CORE)
    assert {scene.relation for scene in drawn} == {*RELATIONS, None}
    assert splits_of(Mix()) == SPLITS


def test_every_held_out_row_has_a_subject():
    assert all(scene.subject for scene in HELD)


def test_a_pair_is_held_out_when_its_second_subject_is():
    def held_for_its_color(subject: str, color: str) -> bool:
        return all(is_held_out(Scene(0, subject, color, kind=kind)) for kind in ("scene", "logo", "sticker", "pattern"))

    held = [(subject, color) for subject in SUBJECTS for color in COLORS if held_for_its_color(subject, color)]
    assert len(held) > 30
    assert not {(scene.subject2, scene.color2) for scene in TRAIN} & set(held)
    free = Scene(0, "cat", "red", place="sea")
    assert not is_held_out(free)
    subject, color = held[0]
    assert is_held_out(dataclasses.replace(free, relation="left of", subject2=subject, color2=color))


def test_about_a_sixth_of_all_combinations_is_held_out():
    scenes = [
        Scene(0, subject, color, place=place, time="noon", weather="clear", style=style)
        for subject in SUBJECTS[::5]
        for color in COLORS[::2]
        for place in PLACES[::3]
        for style in STYLES[::3]
    ]
    share = sum(map(is_held_out, scenes)) / len(scenes)
    assert 0.10 < share < 0.22


def test_training_leaves_no_subject_color_or_place_out():
    for attribute in ATTRIBUTES:
        seen = {getattr(scene, attribute.name) for scene in TRAIN}
        missing = set(attribute.values) - seen
        assert len(missing) <= (4 if attribute.name == "subject2" else 0), (attribute.name, missing)


def test_scenes_are_consistent():
    for scene in TRAIN:
        if scene.kind != "scene":
            assert scene.subject
            assert scene.ground
            assert scene.ground != scene.color
            assert (scene.place, scene.time, scene.weather, scene.relation) == (None, None, None, None)
            continue
        assert scene.ground is None
        assert scene.weather in WEATHER_OF[scene.place]
        if scene.weather in TIME_OF:
            assert scene.time in TIME_OF[scene.weather]
        assert bool(scene.relation) == bool(scene.subject2) == bool(scene.color2)
        assert (scene.count == 0) == (scene.subject is None) == (scene.color is None)
        assert scene.subject is None or scene.subject != scene.subject2


def test_labels_name_the_values_of_the_scene():
    for scene in TRAIN[:300]:
        indices = labels(scene)
        assert len(indices) == len(ATTRIBUTES)
        for index, attribute in zip(indices, ATTRIBUTES, strict=True):
            assert 0 <= index < len(attribute.values) < 255
            assert attribute.values[index] == getattr(scene, attribute.name)


def test_every_field_but_the_seed_has_labels():
    assert {field.name for field in dataclasses.fields(Scene)} - {"seed"} == {
        attribute.name for attribute in ATTRIBUTES
    }


@pytest.mark.parametrize(
    ("mix", "expected"),
    [
        (Mix(designs=1.0), lambda scene: scene.kind != "scene"),
        (Mix(designs=0.0, landscapes=1.0), lambda scene: scene.count == 0),
        (Mix(designs=0.0, landscapes=0.0, pairs=1.0), lambda scene: scene.relation is not None),
        (Mix(designs=0.0, landscapes=0.0, pairs=0.0, groups=1.0), lambda scene: scene.count > 1),
        (Mix(default_style=1.0), lambda scene: scene.style == "vector"),
        (Mix(rainbow=1.0), lambda scene: scene.color in ("rainbow", None)),
    ],
)
def test_a_mix_decides_what_a_split_shows(mix, expected):
    assert all(expected(scene_at(Split(1, mix=mix), row)) for row in range(60))
