"""What a folder says of itself, read without loading a weight."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from generation.contracts import CheckpointCard
from generation.errors import CheckpointInvalidError
from generation.jobs.cards import card
from generation.jobs.checkpoints import describe_checkpoint
from generation.starter import WEIGHTS_DIR


@pytest.fixture
def folder(tmp_path) -> Path:
    """The starter's folder without its weights."""
    target = tmp_path / "dreams"
    shutil.copytree(WEIGHTS_DIR, target, ignore=shutil.ignore_patterns("*.safetensors"))
    return target


def change(file: Path, **values) -> None:
    file.write_text(json.dumps({**json.loads(file.read_text()), **values}))


def test_it_tells_the_numbers_that_plans_need(folder):
    told = card(folder)
    assert (told.name, told.native_px, told.size_multiple_px, told.max_side_px) == ("dreams", 128, 32, 512)
    assert (told.max_tokens, told.sampler, told.has_hires_network) == (40, "dpmpp_2m", False)


def test_it_knows_a_second_network(folder):
    (folder / "refiner").mkdir()
    shutil.copy(folder / "unet" / "config.json", folder / "refiner")
    assert card(folder).has_hires_network


def test_the_sides_of_a_large_model_stay_within_what_can_be_decoded(folder):
    change(folder / "unet" / "config.json", sample_size=96)
    assert card(folder).max_side_px == 1536


def test_a_model_of_few_words_says_which(folder):
    known = card(folder).vocabulary
    assert dict(known.topics)["Things"]
    assert {"lighthouse", "watercolor", "sunset"} <= known.words
    (folder / "world.json").unlink()
    assert card(folder).vocabulary is None


def test_a_card_survives_the_row_it_is_kept_in(folder):
    told = card(folder)
    assert CheckpointCard.from_json(json.loads(json.dumps(told.to_json()))) == told
    (folder / "world.json").unlink()
    told = card(folder)
    assert CheckpointCard.from_json(json.loads(json.dumps(told.to_json()))) == told


@pytest.mark.parametrize("missing", ["model_index.json", "scheduler/scheduler_config.json", "unet/config.json"])
def test_a_missing_file_is_named(folder, missing):
    (folder / missing).unlink()
    with pytest.raises(CheckpointInvalidError, match=f"{missing} is missing"):
        card(folder)


def test_other_families_are_refused_although_their_parts_have_the_same_names(folder):
    change(folder / "model_index.json", text_encoder_2=["transformers", "CLIPTextModelWithProjection"])
    with pytest.raises(CheckpointInvalidError, match="text_encoder_2"):
        card(folder)
    change(folder / "model_index.json", text_encoder=["transformers", "T5EncoderModel"])
    with pytest.raises(CheckpointInvalidError, match="T5EncoderModel"):
        card(folder)


@pytest.mark.parametrize("values", [{"sample_size": None}, {"sample_size": "large"}, {"down_block_types": 3}])
def test_a_configuration_without_its_numbers_is_refused_with_a_sentence(folder, values):
    change(folder / "unet" / "config.json", **values)
    with pytest.raises(CheckpointInvalidError, match="The configuration of dreams cannot be read"):
        card(folder)


@pytest.mark.parametrize(
    ("source", "name", "title"),
    [
        ("/models/dreams", "dreams", "Dreams"),
        ("acme/dreams-2_a", "dreams-2_a", "Dreams 2 a"),
        ("/mjweb/generation/starter/weights", "starter", "Starter"),
    ],
)
def test_it_is_named_after_where_it_came_from(source, name, title):
    told = describe_checkpoint(WEIGHTS_DIR, source=source)
    assert (told.name, told.title) == (name, title)
