"""What lies in a folder beside its configuration."""

from __future__ import annotations

import hashlib
import json
import os

import pytest

from generation.errors import CheckpointInvalidError
from generation.jobs.weights import changes, check_weights, is_complete, license_of, weight_files, written_after
from tests.generation.model_folders import PARTS, write_model_folder


@pytest.fixture
def folder(tmp_path):
    return write_model_folder(tmp_path / "dreams")


def test_every_file_of_weights_is_told_with_its_size_and_hash(folder):
    told = weight_files(folder)
    assert [file["path"] for file in told] == [f"{part}/model.safetensors" for part in sorted(PARTS)]
    content = b"weights of the unet"
    assert told[1] == {
        "path": "unet/model.safetensors",
        "size_bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


@pytest.mark.parametrize("name", ["unet/diffusion_pytorch_model.bin", "v1-5.ckpt", "vae/a.pt", "extra/deep/b.pkl"])
def test_a_pickle_is_refused_by_name_wherever_it_lies(folder, name):
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(b"")
    with pytest.raises(CheckpointInvalidError, match=f"^{name} in dreams is a pickle, which can run code"):
        weight_files(folder)


def test_what_tools_keep_in_hidden_folders_is_not_looked_at(folder):
    (folder / ".cache").mkdir()
    (folder / ".cache" / "half.bin").write_bytes(b"")
    (folder / ".cache" / "half.safetensors").write_bytes(b"")
    assert len(weight_files(folder)) == 3


@pytest.mark.parametrize("part", PARTS)
def test_a_network_without_weights_is_refused(folder, part):
    (folder / part / "model.safetensors").unlink()
    with pytest.raises(CheckpointInvalidError, match=f"The {part} of dreams has no weights as safetensors"):
        check_weights(folder)


def test_a_shard_that_the_index_names_must_be_there(folder):
    index = {"weight_map": {"a": "model.safetensors", "b": "model-2.safetensors"}}
    (folder / "unet" / "model.safetensors.index.json").write_text(json.dumps(index))
    with pytest.raises(CheckpointInvalidError, match=r"unet/model-2\.safetensors is missing in dreams"):
        check_weights(folder)


def test_it_says_which_file_has_changed_which_is_missing_and_which_is_new(folder):
    before = weight_files(folder)
    assert changes(folder, before) == []
    (folder / "unet" / "model.safetensors").write_bytes(b"weights of the UNET")
    (folder / "vae" / "model.safetensors").rename(folder / "vae" / "other.safetensors")
    assert changes(folder, before) == [
        "unet/model.safetensors has changed.",
        "vae/model.safetensors is missing.",
        "vae/other.safetensors is new.",
    ]


def test_a_copy_is_complete_when_every_file_has_its_size(folder):
    before = weight_files(folder)
    assert is_complete(folder, before)
    (folder / "vae" / "model.safetensors").write_bytes(b"half")
    assert not is_complete(folder, before)
    (folder / "vae" / "model.safetensors").unlink()
    assert not is_complete(folder, before)


def test_it_knows_whether_weights_were_written_later(folder):
    newest = max((folder / part / "model.safetensors").stat().st_mtime for part in PARTS)
    assert not written_after(folder, newest)
    os.utime(folder / "vae" / "model.safetensors", (newest + 60, newest + 60))
    assert written_after(folder, newest)


@pytest.mark.parametrize(
    ("readme", "named"),
    [
        ("---\nlicense: apache-2.0\ntags: [art]\n---\n# Dreams\n", "apache-2.0"),
        ("---\nlicense: other\nlicense_name: dreams-1\n---\n", "dreams-1"),
        ("---\nlicense: other\n---\n", "other"),
        ("---\nlicense: [mit, cc0-1.0]\n---\n", "mit, cc0-1.0"),
        ("---\ntags: [art]\n---\n", ""),
        ("---\n- a list\n---\n", ""),
        ("---\nlicense: [unclosed\n---\n", ""),
        ("# Dreams, license: MIT\n", ""),
        ("", ""),
    ],
)
def test_the_license_is_the_one_that_the_front_matter_names(tmp_path, readme, named):
    assert license_of(write_model_folder(tmp_path / "dreams", readme=readme)) == named
