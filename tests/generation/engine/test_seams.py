"""Pictures whose edges meet, with the real networks."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from generation.contracts import Stage
from generation.engine.coding import encode
from generation.engine.images import to_image, to_raster
from generation.engine.seams import edges_meet, has_seamless_form
from tests.generation.engine.fakes import engine_on, finish, painted, plan, submit
from tests.generation.engine.seeing import values

SMALL = Stage(width_px=128, height_px=128, steps=10)
ASKED = plan("a red house in the mountains", seeds=(1, 2, 3), stages=(SMALL,))


def seam(picture, axis: int) -> float:
    """How much the colors change over an edge that meets the other, per border between two latent positions inside.

    An inner step that lies within a position is smaller: the decoder draws eight pixels from each.
    """
    steps = np.abs(values(picture) - np.roll(values(picture), 1, axis)).mean(axis=(1 - axis, 2))
    return float(steps[0] / steps[8::8].mean())


def seams(pictures) -> float:
    return float(np.mean([seam(picture, axis) for picture in pictures for axis in (0, 1)]))


@pytest.fixture(scope="module")
def seamless(starter):
    return painted(starter, replace(ASKED, seamless=True))


def test_over_the_seam_colors_change_no_more_than_inside(starter, seamless):
    """Measured with the starter over twelve pictures: 1.03, and 12 for pictures whose edges do not meet."""
    assert seams(seamless) < 1.5
    assert seams(painted(starter, ASKED)) > 4


def test_an_enlarged_picture_keeps_its_seam_in_one_piece_and_in_tiles(starter, monkeypatch):
    large = Stage(width_px=256, height_px=256, steps=8, strength=0.45)
    asked = replace(ASKED, seeds=(1,), seamless=True, stages=(SMALL, large))
    assert seams(painted(starter, asked)) < 2
    monkeypatch.setattr("generation.engine.tiles.WHOLE_SIDES", 1)
    assert seams(painted(starter, asked)) < 2


def test_others_in_the_engine_are_painted_with_their_own_edges(starter):
    alone = painted(starter, replace(ASKED, seeds=(1,)))
    engine = engine_on(starter)
    ears = [submit(engine, name, replace(ASKED, seeds=(1,), seamless=name == "tile")) for name in ("tile", "plain")]
    finish(engine)
    assert ears[1].last.pictures == alone
    assert ears[0].last.pictures != alone


def test_a_network_pads_with_zeros_again_whatever_happens_inside():
    network = nn.Sequential(nn.Conv2d(1, 1, 3, padding=1), nn.Conv2d(1, 1, 1))
    with edges_meet(network):
        assert [layer.padding_mode for layer in network] == ["circular", "zeros"]
    with pytest.raises(RuntimeError), edges_meet(network):
        raise RuntimeError
    assert [layer.padding_mode for layer in network] == ["zeros", "zeros"]


@torch.inference_mode()
def test_a_network_whose_edges_meet_sees_no_edge():
    """What is shifted around the edges goes in and comes out shifted."""
    torch.manual_seed(0)
    network = nn.Sequential(nn.Conv2d(2, 4, 3, padding=1), nn.SiLU(), nn.Conv2d(4, 2, 3, padding=1))
    x = torch.randn(1, 2, 8, 8)
    with edges_meet(network):
        assert torch.allclose(network(x.roll((3, 5), (2, 3))), network(x).roll((3, 5), (2, 3)), atol=1e-6)
    assert not torch.allclose(network(x.roll((3, 5), (2, 3))), network(x).roll((3, 5), (2, 3)), atol=1e-2)


def test_only_networks_of_padded_convolutions_can_do_it():
    assert has_seamless_form(nn.Conv2d(1, 1, 3, padding=1))
    assert not has_seamless_form(nn.Sequential(nn.Linear(4, 4), nn.Conv2d(1, 1, 2, stride=2)))


@torch.inference_mode()
def test_a_source_is_encoded_without_an_edge(starter, seamless):
    """The latents of a picture that is shifted by whole positions are its latents, shifted."""
    image = np.asarray(to_image(seamless[0]))
    shifted = to_raster(_image(np.roll(image, (64, 64), (0, 1))))
    one, other = (encode(picture, starter, seamless=True) for picture in (seamless[0], shifted))
    assert (one.roll((8, 8), (1, 2)) - other).abs().max() < 0.05 * one.std()
    plain, moved = (encode(picture, starter) for picture in (seamless[0], shifted))
    assert (plain.roll((8, 8), (1, 2)) - moved).abs().max() > 0.5 * one.std()


def _image(array):
    from PIL import Image

    return Image.fromarray(array)
