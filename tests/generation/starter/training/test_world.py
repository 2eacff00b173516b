"""The world of a model beside its networks."""

from __future__ import annotations

import json

from generation.starter.scenes import Mix, world
from generation.starter.training.sizes import SMALL
from generation.starter.training.world import WORLD_FILE, mix_of, mix_values, read_world, write_world


def test_what_is_written_is_read(tmp_path):
    write_world(SMALL.mix, tmp_path)
    assert read_world(tmp_path) == SMALL.mix


def test_it_names_the_words_by_kind(tmp_path):
    write_world(SMALL.mix, tmp_path)
    known = json.loads((tmp_path / WORLD_FILE).read_text())["knows"]
    assert tuple(known["subjects"]) == world.CORE
    assert tuple(known["styles"]) == world.STYLES


def test_networks_without_a_note_are_of_the_whole_world(tmp_path):
    assert read_world(tmp_path) == Mix()


def test_a_mix_survives_json():
    assert mix_of(json.loads(json.dumps(mix_values(SMALL.mix)))) == SMALL.mix
