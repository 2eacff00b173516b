"""Checkpoints in one file: which whole one configures them, what becomes of that, and what is refused."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest
from safetensors.numpy import save_file

from generation.errors import CheckpointInvalidError
from generation.jobs.cards import card
from generation.jobs.single_files import FLUX, KINDS, assemble, assembled_folder, read_header
from generation.jobs.weights import license_of, weight_files
from generation.layouts import SINGLE_FILE
from generation.starter import WEIGHTS_DIR
from tests.generation.model_folders import write_model_folder, write_single_file


@pytest.fixture(autouse=True)
def data_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "var"


@pytest.fixture
def whole(tmp_path):
    return write_model_folder(tmp_path / "whole")


@pytest.fixture
def file(tmp_path, whole):
    return write_single_file(tmp_path / "dreams.safetensors", whole, **{"modelspec.license": "openrail"})


def never(hub_id: str):
    pytest.fail(f"{hub_id} was asked for")


def test_it_becomes_a_folder_with_the_configuration_of_the_whole_one(whole, file):
    folder = assemble(file, [whole], never)
    assert folder == assembled_folder(file)
    configured = card(folder, name="dreams")
    assert configured.to_json() == card(whole, name="dreams").to_json()
    read = [(each / "tokenizer" / "tokenizer.json").read_bytes() for each in (folder, whole)]
    assert read[0] == read[1]
    assert (folder / SINGLE_FILE).resolve() == file


def test_its_only_weights_are_the_file(whole, file):
    (only,) = weight_files(assemble(file, [whole], never))
    assert (only["path"], only["size_bytes"]) == (SINGLE_FILE, file.stat().st_size)


def test_its_license_is_the_one_that_the_file_names_and_not_the_whole_ones(whole, file, tmp_path):
    (whole / "README.md").write_text("---\nlicense: mit\n---\n")
    assert license_of(assemble(file, [whole], never)) == "openrail"
    assert license_of(assemble(write_single_file(tmp_path / "other.safetensors", whole), [whole], never)) == ""


def test_weights_that_the_file_lacks_are_those_of_the_whole_one(whole, tmp_path):
    file = write_single_file(tmp_path / "no-vae.safetensors", whole, without="first_stage_model.")
    folder = assemble(file, [whole], never)
    assert {each["path"] for each in weight_files(folder)} == {SINGLE_FILE, "vae/model.safetensors"}
    assert (folder / "vae" / "model.safetensors").resolve() == whole / "vae" / "model.safetensors"


def test_where_the_whole_one_lacks_them_too_it_is_refused(whole, tmp_path):
    file = write_single_file(tmp_path / "no-vae.safetensors", whole, without="first_stage_model.")
    (whole / "vae" / "model.safetensors").unlink()
    with pytest.raises(
        CheckpointInvalidError, match=r"no-vae\.safetensors has no vae, and the checkpoint that configures"
    ):
        assemble(file, [whole], never)
    assert not assembled_folder(file).exists()


def test_a_whole_one_of_other_sizes_is_passed_over(whole, file, tmp_path):
    other = shutil.copytree(whole, tmp_path / "other")
    config = other / "unet" / "config.json"
    config.write_text(json.dumps(json.loads(config.read_text()) | {"cross_attention_dim": 1024}))
    folder = assemble(file, [tmp_path / "gone", other, whole], never)
    assert card(folder, name="a").to_json() == card(whole, name="a").to_json()
    with pytest.raises(CheckpointInvalidError, match="what --like names is no checkpoint of this family and its sizes"):
        assemble(file, [other], None)


def test_the_hub_is_asked_when_nothing_here_fits(whole, file):
    asked: list[str] = []

    def hub(hub_id):
        asked.append(hub_id)
        return whole if len(asked) == 2 else None

    assert assemble(file, [], hub) == assembled_folder(file)
    assert asked == ["stable-diffusion-v1-5/stable-diffusion-v1-5", "stabilityai/stable-diffusion-2-1"]


def test_without_a_whole_one_anywhere_it_says_what_to_do(file):
    with pytest.raises(CheckpointInvalidError, match=r"Add a whole checkpoint of its kind first, name one with --like"):
        assemble(file, [], lambda _: None)


def test_assembling_again_makes_it_anew(whole, file):
    folder = assemble(file, [whole], never)
    (folder / "vae" / "config.json").write_text("{}")
    (folder / "stray.json").write_text("{}")
    assert assemble(file, [whole], never) == folder
    assert card(folder).native_px == card(whole).native_px
    assert not (folder / "stray.json").exists()


def test_two_files_of_one_name_have_two_folders(tmp_path):
    assert assembled_folder(tmp_path / "a" / "dreams.safetensors") != assembled_folder(
        tmp_path / "b" / "dreams.safetensors"
    )


@pytest.mark.parametrize(
    ("names", "family"),
    [
        (["double_blocks.0.img_attn.qkv.weight"], "flux"),
        (["model.diffusion_model.double_blocks.0.img_attn.qkv.weight"], "flux"),
        (["model.diffusion_model.joint_blocks.0.x_block.attn.qkv.weight"], "stable_diffusion_3"),
        (
            ["model.diffusion_model.input_blocks.0.0.weight", "conditioner.embedders.0.transformer.a"],
            "stable_diffusion_xl",
        ),
        (["model.diffusion_model.input_blocks.0.0.weight", "cond_stage_model.model.a"], "stable_diffusion"),
        (["lora_unet_down_blocks_0.lora_up.weight"], None),
    ],
)
def test_families_are_told_by_the_names_of_their_weights(tmp_path, names, family):
    file = tmp_path / "dreams.safetensors"
    save_file({name: np.zeros((1,), np.float16) for name in names}, file)
    header = read_header(file)
    found = next((kind.layout.family for kind in KINDS if kind.has(header)), None)
    assert found == family


@pytest.mark.parametrize(("blocks", "is_dev", "fits"), [(2, True, True), (2, False, False), (1, True, False)])
def test_both_kinds_of_flux_are_told_apart(tmp_path, blocks, is_dev, fits):
    kind = next(kind for kind in KINDS if kind.layout is FLUX)
    names = [f"double_blocks.{n}.img_attn.qkv.weight" for n in range(blocks)] + ["guidance_in.in_layer.weight"] * is_dev
    save_file({name: np.zeros((1,), np.float16) for name in names}, tmp_path / "dreams.safetensors")
    (tmp_path / "transformer").mkdir()
    (tmp_path / "transformer" / "config.json").write_text('{"num_layers": 2, "guidance_embeds": true}')
    assert kind.fits(read_header(tmp_path / "dreams.safetensors"), tmp_path) == fits


def test_a_file_of_no_family_is_refused(tmp_path):
    save_file({"lora.up": np.zeros((1,), np.float16)}, tmp_path / "lora.safetensors")
    with pytest.raises(CheckpointInvalidError, match="is no checkpoint in one file of a family that is known here"):
        assemble(tmp_path / "lora.safetensors", [WEIGHTS_DIR], never)


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04", b"\x80\x02}q\x00.", (5).to_bytes(8, "little") + b"12345", b"\xff" * 20]
)
def test_what_only_has_the_name_of_safetensors_is_refused_unread(tmp_path, content):
    file = tmp_path / "dreams.safetensors"
    file.write_bytes(content)
    with pytest.raises(CheckpointInvalidError, match="cannot be read as safetensors"):
        read_header(file)
