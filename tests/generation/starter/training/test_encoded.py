"""Latents: the same from files as from a GPU's memory, encoded once, and never of another picture."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch

from generation.starter.training.device import Device, choose_device
from generation.starter.training.encoded import EncodedRows, rough_latents, upsampled
from generation.starter.training.networks import make_clip, make_vae, vae_pixels
from generation.starter.training.pool import create
from generation.starter.training.renderers import Renderers
from generation.starter.training.rows import Rows
from generation.starter.training.settings import Run
from generation.starter.training.sizes import TINY
from generation.starter.training.tokenizer import train_tokenizer
from generation.starter.training.words import Words


class Resident(Device):
    """A device that is used as a GPU is, in the memory of the CPU."""

    is_cuda = True
    half = False


class Plain(Device):
    half = False


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> Run:
    size = dataclasses.replace(TINY, rows={"train": 9, "val": 2, "held": 2, "big": 4, "bigval": 2})
    run = Run(tmp_path_factory.mktemp("work"), size, Plain("cpu"))
    train_tokenizer(run)
    with Renderers(size, run.pool, run.tokenizer, workers=0):
        pass
    return run


@pytest.fixture(scope="module")
def vae():
    torch.manual_seed(1)
    return make_vae(TINY).eval().requires_grad_(False)


@pytest.fixture(scope="module")
def clip(run):
    from transformers import CLIPTokenizer

    torch.manual_seed(2)
    return make_clip(TINY, CLIPTokenizer.from_pretrained(run.tokenizer)).eval().requires_grad_(False)


def on(run: Run, device: type[Device]) -> Run:
    return dataclasses.replace(run, device=device("cpu"))


def test_rows_in_memory_are_the_rows_on_disk(run):
    places = torch.tensor([5, 0, 5, 8])
    disk, memory = (Rows(run.pool / "train", device("cpu")) for device in (Plain, Resident))
    for rows in (disk, memory):
        rows.refresh()
    assert torch.equal(disk.pictures(places), memory.pictures(places))
    assert torch.equal(disk.labels(places), memory.labels(places))
    assert torch.equal(disk.tokens(places, caption=2), memory.tokens(places, caption=2))


def test_waiting_for_pictures_that_nobody_renders_ends(run, tmp_path, monkeypatch, capsys):
    create(run.size, tmp_path / "pool", run.tokenizer)["train"].write(0, Words(run.tokenizer))
    for name, value in (("TOLD_EVERY_S", 0.0), ("LOOK_EVERY_S", 0.01), ("STALLED_S", 0.05)):
        monkeypatch.setattr(f"generation.starter.training.rows.{name}", value)
    with pytest.raises(SystemExit, match="No picture of train came"):
        Rows(tmp_path / "pool" / "train", Plain("cpu")).wait(5)
    assert "waiting for pictures: 1 of 5 of train" in capsys.readouterr().out


def test_memory_is_filled_to_its_limit_and_no_further(run):
    rows = Rows(run.pool / "train", Resident("cpu"), limit_gb=3 * 64 * 64 * 3 / 1e9)
    rows.refresh()
    rows.refresh(0)
    assert len(rows) == 3


def test_latents_in_memory_are_the_latents_in_files(run, vae, clip):
    places = torch.tensor([3, 0, 8])
    files, memory = (EncodedRows(on(run, kind), "train", vae, clip=clip) for kind in (Plain, Resident))
    for rows in (files, memory):
        rows.wait(9)
    for name in ("latents", "features"):
        assert torch.allclose(files.encoded(name, places), memory.encoded(name, places), atol=2e-3)
    pixels = vae_pixels(files.pictures(places))
    assert torch.allclose(files.encoded("latents", places), vae.encode(pixels).latent_dist.mean, atol=2e-2)
    assert files.encoded("features", places).shape == (3, 4, TINY.vision.width)


def test_what_is_in_files_is_not_encoded_again(run, vae, monkeypatch):
    EncodedRows(run, "big", vae, rough=True).wait(4)
    again = EncodedRows(run, "big", vae, rough=True)
    monkeypatch.setattr(again, "_encode", lambda _: pytest.fail("encoded twice"))
    again.wait(4)
    assert again.encoded("rough", torch.tensor([1])).shape == (1, 4, 16, 16)


def test_another_vae_has_latents_of_its_own(run, vae):
    torch.manual_seed(9)
    first, other = EncodedRows(run, "train", vae), EncodedRows(run, "train", make_vae(TINY).eval())
    first.wait(9)
    other.wait(9)
    places = torch.tensor([0])
    assert not torch.allclose(first.encoded("latents", places), other.encoded("latents", places))


def test_a_cpu_encodes_a_little_at_a_time(run, vae, monkeypatch):
    monkeypatch.setattr("generation.starter.training.encoded.ENCODED_AT_ONCE", 2)
    torch.manual_seed(11)
    rows = EncodedRows(run, "train", make_vae(TINY).eval())
    rows.refresh(0)
    assert len(rows) == 2
    rows.refresh(0)
    assert len(rows) == 4
    assert sorted(rows.rows.tolist()) == [0, 1, 2, 3]


def test_rough_latents_are_of_the_upsampled_half(vae):
    pixels = torch.rand(2, 3, 64, 64) * 2 - 1
    halved = torch.nn.functional.avg_pool2d(pixels, 2)
    decoded = vae.decode(vae.encode(halved).latent_dist.mean).sample.clamp(-1, 1)
    expected = vae.encode(upsampled(decoded)).latent_dist.mean
    assert torch.allclose(rough_latents(vae, pixels), expected, atol=1e-4)


def test_devices_are_chosen_by_name(monkeypatch):
    assert choose_device("cpu").name == "cpu"
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert choose_device("auto").name == "cpu"
    with pytest.raises(SystemExit, match="sees no GPU"):
        choose_device("cuda")
    with pytest.raises(SystemExit, match="not tpu"):
        choose_device("tpu")


def test_rows_are_numbers_of_the_split(run):
    rows = Rows(run.pool / "val", Plain("cpu"))
    rows.wait(100)
    assert np.array_equal(rows.rows, [0, 1])
