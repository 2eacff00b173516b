"""The pool: the same data from any number of processes, nothing held out in training, and ids as CLIP's tokenizer."""

from __future__ import annotations

import dataclasses
import os
import time

import numpy as np
import pytest

from generation.starter import scenes
from generation.starter.training import pool as pools
from generation.starter.training.device import Device
from generation.starter.training.pool import Arrays, captions, create, rendering_order
from generation.starter.training.renderers import Renderers, render_share
from generation.starter.training.rows import Rows
from generation.starter.training.settings import Run, choose_pool, noted_pool
from generation.starter.training.sizes import FULL, TINY
from generation.starter.training.tokenizer import train_tokenizer
from generation.starter.training.words import Words

SPLITS = tuple(TINY.rows)
FIELDS = ("pictures", "labels", "tokens", "masks", "ready")


@pytest.fixture(scope="module")
def few(tmp_path_factory):
    """A tiny size with even fewer rows, a work folder and its tokenizer."""
    size = dataclasses.replace(TINY, rows={"train": 12, "val": 3, "held": 3, "big": 3, "bigval": 2})
    run = Run(tmp_path_factory.mktemp("work"), size, Device("cpu"))
    train_tokenizer(run)
    with Renderers(size, run.pool, run.tokenizer, workers=0):
        pass
    return run


def opened(run: Run) -> dict[str, Arrays]:
    return {name: Arrays(run.pool / name) for name in SPLITS}


def test_everything_is_rendered_and_what_the_renderer_draws(few):
    for name, arrays in opened(few).items():
        assert arrays.ready.all()
        scene = scenes.scene_at(scenes.SPLITS[name], 1)
        assert np.array_equal(arrays.pictures[1], scenes.render(scene, arrays.meta["side_px"]))
        assert tuple(arrays.labels[1]) == scenes.labels(scene)


def test_a_mask_says_how_much_of_a_latent_cell_is_subject(few):
    train = opened(few)["train"]
    for row in range(len(train)):
        mask = scenes.render_with_mask(scenes.scene_at(train.split, row), 64).mask
        assert train.masks[row].shape == (8, 8)
        assert abs(train.masks[row].mean() - mask.mean()) < 1
        assert abs(int(train.masks[row][2, 3]) - mask[16:24, 24:32].mean()) < 1


def test_a_size_has_its_own_mix(few, tmp_path):
    mix = scenes.Mix(("cat", "boat", "balloon", "house", "heart"), designs=1.0)
    size = dataclasses.replace(few.size, mix=mix)
    train = create(size, tmp_path, few.tokenizer)["train"]
    assert train.split.mix == mix
    drawn = [scenes.scene_at(train.split, row) for row in range(50)]
    assert {scene.subject for scene in drawn} == set(mix.subjects)
    assert all(scene.kind != "scene" for scene in drawn)
    train.ready[:] = 1
    assert not create(few.size, tmp_path, few.tokenizer)["train"].ready.any()  # drawn anew for another mix


def test_no_training_row_is_held_out_and_every_held_row_is(few):
    for name, arrays in opened(few).items():
        split = scenes.SPLITS[name]
        held = [scenes.is_held_out(scenes.scene_at(split, row)) for row in range(len(arrays))]
        assert all(held) if name in ("held", "bigval") else not any(held)


def test_the_number_of_processes_changes_nothing(few, tmp_path):
    pool = tmp_path / "pool"
    create(few.size, pool, few.tokenizer)
    for index in (2, 0, 1):
        render_share(few.size, pool, few.tokenizer, index, 3, os.getppid())
    for name, arrays in opened(few).items():
        again = Arrays(pool / name)
        for field in FIELDS:
            assert np.array_equal(getattr(arrays, field), getattr(again, field)), (name, field)


def test_a_second_run_keeps_what_is_there(few):
    before = (few.pool / "train" / "pictures.u8").stat().st_mtime_ns
    with Renderers(few.size, few.pool, few.tokenizer, workers=0):
        pass
    assert (few.pool / "train" / "pictures.u8").stat().st_mtime_ns == before


def test_pictures_of_another_renderer_are_thrown_away(few, tmp_path, monkeypatch):
    pool = tmp_path / "pool"
    create(few.size, pool, few.tokenizer)["val"].ready[:] = 1
    (pool / "val" / "latents-of-these").mkdir()
    assert create(few.size, pool, few.tokenizer)["val"].ready.all()
    monkeypatch.setattr(pools, "renderer_digest", lambda: "another")
    assert not create(few.size, pool, few.tokenizer)["val"].ready.any()
    assert not (pool / "val" / "latents-of-these").exists()


def test_an_orphaned_renderer_stops(few, tmp_path):
    pool = tmp_path / "pool"
    create(few.size, pool, few.tokenizer)
    render_share(few.size, pool, few.tokenizer, 0, 1, parent=-1)
    assert not Arrays(pool / "train").ready.any()


def test_real_processes_fill_a_pool_while_it_is_read(few, tmp_path):
    pool = tmp_path / "pool"
    with Renderers(few.size, pool, few.tokenizer, workers=1) as renderers:
        rows = Rows(pool / "train", Device("cpu"))
        rows.wait(5)
        assert len(rows) >= 5
        process = renderers._processes[0]
        deadline = time.monotonic() + 60
        while process.is_alive() and time.monotonic() < deadline:
            time.sleep(0.1)
    assert all(arrays.ready.all() for arrays in (Arrays(pool / name) for name in SPLITS))


def test_captions_are_fullest_first_and_always_the_same():
    found = captions(scenes.SPLITS["held"], 4)
    assert found == captions(scenes.SPLITS["held"], 4)
    assert len({wording.text for wording in found}) > 1
    assert all(len(found[0].told) >= len(wording.told) for wording in found[1:])


def test_ids_are_those_of_transformers(few):
    from transformers import CLIPTokenizer

    tokenizer, words = CLIPTokenizer.from_pretrained(few.tokenizer), Words(few.tokenizer)
    for text in ("a red fox, watercolor", "", "ZEBRA  & naïve ünïcode 123", "fox " * 60):
        ids = tokenizer(text, padding="max_length", truncation=True).input_ids
        assert words.encode(text).tolist() == ids
    assert words.encode("").shape == (TINY.tokens,)


def test_every_row_is_rendered_once_in_an_order_that_lets_training_start():
    size = dataclasses.replace(FULL, rows={"train": 9000, "val": 40, "held": 40, "big": 700, "bigval": 20})
    order = list(rendering_order(size))
    assert len(order) == len(set(order)) == sum(size.rows.values())
    assert {name for name, _ in order[:4000]} == {"train"}
    assert {name for name, _ in order[4000:4100]} == {"val", "held", "bigval"}
    assert ("big", 300) in order[: 4100 + 5000 // 2]


def test_rows_come_in_the_shapes_that_networks_take(few):
    rows = Rows(few.pool / "train", Device("cpu"))
    rows.refresh()
    places = rows.first(4)
    assert rows.pictures(places).shape == (4, 64, 64, 3)
    assert rows.labels(places).shape == (4, len(scenes.ATTRIBUTES))
    assert rows.tokens(places).shape == (4, TINY.tokens)
    assert rows.tokens(places, caption=0).tolist() == rows.arrays.tokens[:4, 0].tolist()
    assert rows.draw(50).max() < 12


def test_a_work_folder_remembers_its_pool(tmp_path):
    assert noted_pool(tmp_path / "work") is None
    assert choose_pool(tmp_path / "work", TINY, tmp_path / "elsewhere") == tmp_path / "elsewhere"
    assert choose_pool(tmp_path / "work", TINY) == noted_pool(tmp_path / "work") == tmp_path / "elsewhere"
    assert choose_pool(tmp_path / "other", TINY) == tmp_path / "other" / "renders"
