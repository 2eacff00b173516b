"""Which models a worker takes jobs for."""

from __future__ import annotations

import pytest

from generation.jobs.checkpoints import add_checkpoint, remove_checkpoint, set_default_checkpoint
from generation.workers.shelf import Shelf
from tests.generation.model_folders import write_model_folder


@pytest.fixture
def folders(db, tmp_path):
    """The registered folders of two models, dreams and night."""
    folders = {name: write_model_folder(tmp_path / name) for name in ("dreams", "night")}
    for folder in folders.values():
        add_checkpoint(str(folder))
    return folders


@pytest.fixture
def shelf(folders):
    shelf = Shelf(2)
    shelf.look()
    return shelf


def test_it_serves_every_model_whose_weights_are_here(shelf, folders):
    assert shelf.names == ["dreams", "night"]
    assert shelf.folder("night") == folders["night"]


def test_a_model_that_lies_elsewhere_or_only_in_part_is_not_served(shelf, folders):
    folders["dreams"].rename(folders["dreams"].with_name("moved"))
    (folders["night"] / "vae" / "model.safetensors").write_bytes(b"half")
    assert shelf.look() == ["dreams", "night"]
    assert shelf.names == []


def test_a_new_model_is_served_from_the_next_look(shelf, tmp_path):
    add_checkpoint(str(write_model_folder(tmp_path / "more")))
    assert shelf.look() == []
    assert shelf.names == ["dreams", "night", "more"]


def test_a_look_tells_which_models_are_gone_or_have_other_weights(shelf, folders):
    set_default_checkpoint("night")
    remove_checkpoint("dreams")
    assert shelf.look() == ["dreams"]
    (folders["night"] / "unet" / "model.safetensors").write_bytes(b"better weights")
    add_checkpoint(str(folders["night"]))
    assert shelf.look() == ["night"]
    assert shelf.look() == []
    assert shelf.names == ["night"]


def test_while_it_paints_with_as_many_models_as_it_keeps_only_their_jobs_may_begin(shelf):
    assert shelf.loaded is None
    shelf.begin("dreams")
    shelf.begin("dreams")
    assert shelf.loaded is None
    shelf.begin("night")
    assert sorted(shelf.loaded) == ["dreams", "night"]
    with shelf.until_done("dreams"):
        assert sorted(shelf.loaded) == ["dreams", "night"]
    assert sorted(shelf.loaded) == ["dreams", "night"]
    with pytest.raises(ZeroDivisionError), shelf.until_done("dreams"):
        1 / 0  # noqa: B018
    assert shelf.loaded is None
