"""The world of a model beside its networks."""

from __future__ import annotations

import json

from generation.starter.scenes import Mix, world
from generation.starter.training.sizes import SMALL
from generation.starter.training.world import WORLD_FILE, mix_of, mix_values, read_world, telling_words, write_world


def test_what_is_written_is_read(tmp_path):
    write_world(SMALL.mix, tmp_path)
    assert read_world(tmp_path) == SMALL.mix


def test_it_names_what_a_prompt_can_ask_for(tmp_path):
    write_world(SMALL.mix, tmp_path)
    known = json.loads((tmp_path / WORLD_FILE).read_text())["knows"]
    assert len(known["Things"]) == len(world.CORE)
    assert "bicycle" not in known["Things"]
    assert len(known["Styles"]) == len(world.STYLES)


def test_every_word_that_tells_something_counts_and_little_words_do_not():
    words = telling_words(SMALL.mix)
    assert {"kitten", "kittens", "turquoise", "rainforest", "moonlight", "foggy", "ukiyo", "logo"} <= words
    assert not {"the", "with", "man", "bicycle", "of", "model"} & words


def test_networks_without_a_note_are_of_the_whole_world(tmp_path):
    assert read_world(tmp_path) == Mix()


def test_a_mix_survives_json():
    assert mix_of(json.loads(json.dumps(mix_values(SMALL.mix)))) == SMALL.mix
