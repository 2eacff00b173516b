"""Measures on inputs whose answer is known."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch

from generation.starter.evaluation.adherence import ALL_RIGHT, adherence, shares_of
from generation.starter.evaluation.diversity import diversity
from generation.starter.evaluation.enlarging import sharpness
from generation.starter.evaluation.frechet import frechet_distance
from generation.starter.evaluation.held_out import ask, grid_of
from generation.starter.evaluation.table import markdown, write_table
from generation.starter.scenes import ATTRIBUTES, is_held_out, labels
from generation.starter.training.measures import psnr, top_one

NAMES = [entry.name for entry in ATTRIBUTES]
MAIN = frozenset({"subject", "color", "place", "style"})


def readings(*wrong: tuple[int, str]):
    """Three pictures, read right but for these (picture, attribute)."""
    truth = np.zeros((3, len(NAMES)), np.int64)
    classes = truth.copy()
    for picture, name in wrong:
        classes[picture, NAMES.index(name)] = 1
    return classes, truth


def test_adherence_counts_what_was_said():
    classes, truth = readings((0, "color"), (2, "color"), (1, "time"))
    shares = adherence(classes, truth, [MAIN, MAIN | {"time"}, MAIN])
    assert shares == {"subject": 1, "color": 0.333, "place": 1, "style": 1, "time": 0, ALL_RIGHT: 0.333}


def test_what_a_prompt_leaves_open_cannot_be_wrong():
    classes, truth = readings((0, "style"), (1, "style"))
    shares = adherence(classes, truth, [MAIN - {"style"}, MAIN, MAIN])
    assert shares["style"] == 0.5
    assert shares[ALL_RIGHT] == 0.667


def test_shares_of_the_ceiling():
    painted = {"subject": 0.6, "color": 0.9, "place": 0.5, ALL_RIGHT: 0.3, "Fréchet distance": 4.0}
    ceiling = {"subject": 0.8, "color": 0.9, "place": 0.0, ALL_RIGHT: 0.6, "Fréchet distance": 1.0}
    assert shares_of(painted, ceiling) == {"subject": 0.75, "color": 1, ALL_RIGHT: 0.5}


def test_psnr_of_known_errors():
    black, gray = torch.full((1, 3, 8, 8), -1.0), torch.zeros(1, 3, 8, 8)
    assert psnr(black, -black).item() == pytest.approx(0)
    assert psnr(black, gray).item() == pytest.approx(20 * np.log10(2), abs=1e-4)
    assert psnr(gray, gray + 0.02).item() == pytest.approx(40, abs=1e-4)
    assert psnr(gray, gray).item() == 100


def test_retrieval_of_known_neighbors():
    pictures = torch.eye(4)
    assert top_one(pictures, pictures) == (1, 1)
    assert top_one(pictures, pictures.roll(1, 0)) == (0, 0)
    # the second caption is more like the first picture: both pictures find theirs, one caption finds another picture
    texts = torch.eye(4)
    texts[1] = torch.tensor([0.8, 0.6, 0, 0])
    assert top_one(pictures, texts) == (1, 0.75)


def test_the_frechet_distance_of_normal_clouds():
    rng = np.random.default_rng(1)
    cloud = rng.normal(size=(4000, 3))
    assert frechet_distance(cloud, cloud) == pytest.approx(0, abs=1e-9)
    assert frechet_distance(cloud, cloud + np.array([3, 0, 4])) == pytest.approx(25)
    # the same mean, three times the deviation: (3 - 1)^2 per channel
    centered = cloud - cloud.mean(0)
    expected = 4 * np.trace(np.cov(centered, rowvar=False))
    assert frechet_distance(centered, 3 * centered) == pytest.approx(expected)


def test_the_frechet_distance_takes_fewer_samples_than_channels():
    rng = np.random.default_rng(2)
    one, other = rng.normal(size=(2, 10, 64))
    assert frechet_distance(one, other) == pytest.approx(frechet_distance(other, one))
    assert 0 < frechet_distance(one, other) < frechet_distance(one, other + 1)


def test_sharpness_of_flat_and_of_striped():
    assert sharpness(torch.full((1, 3, 8, 8), 0.3)) == pytest.approx(0, abs=1e-9)
    ramp = torch.arange(8.0).expand(1, 3, 8, 8)
    assert sharpness(ramp) == pytest.approx(0, abs=1e-6)
    stripes = torch.tensor([0.0, 1.0]).repeat(4).expand(1, 3, 8, 8)
    assert sharpness(stripes) == pytest.approx(4)


def test_diversity_of_like_and_unlike_grids():
    black = np.zeros((2, 4, 4, 3), np.uint8)
    assert diversity(black) == 0
    assert diversity(np.concatenate([black[:1], black[:1] + 255])) == pytest.approx(1)


def test_prompts_are_held_out_and_come_with_their_pictures():
    asked = ask("held", 3, 32)
    assert len(asked) == 3
    assert all(map(is_held_out, asked.scenes))
    assert asked.pictures.shape == (3, 32, 32, 3)
    assert [tuple(row) for row in asked.labels] == [labels(scene) for scene in asked.scenes]
    assert all("subject" in told for told in asked.told)
    assert len(asked.first(2)) == 2
    assert diversity(grid_of(asked.scenes[0], 3, 32)) > 0.01


def test_the_table_is_for_programs_and_for_people(tmp_path):
    table = {
        "Adherence": {"prompts": 2, "real": {"color": 1.0}, "guidance 3": {"color": 0.5, "Fréchet distance": 2.0}},
        "Speed": "not measured: there is no base",
    }
    write_table(table, tmp_path)
    assert json.loads((tmp_path / "evaluation.json").read_text()) == table
    text = (tmp_path / "evaluation.md").read_text()
    assert text == markdown(table)
    assert "| guidance 3 | 0.5 | 2.0 |" in text
    assert "| real | 1.0 |  |" in text
    assert "- prompts: 2" in text
    assert "Speed: not measured: there is no base" in text
