"""Soft masks and canvases, without a network."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from generation.contracts import Placement, Raster
from generation.engine import masks
from generation.engine.canvas import is_inside, placed, scaled
from tests.generation.engine.seeing import values
from tests.generation.engine.test_images import noise, plain

PLACE = Placement(left_px=16, top_px=24, width_px=48, height_px=32)


def marked(width_px=64, height_px=64, box=(20, 20, 44, 44), level=255) -> Raster:
    levels = np.zeros((height_px, width_px, 3), dtype=np.uint8)
    levels[box[1] : box[3], box[0] : box[2]] = level
    return Raster(width_px, height_px, levels.tobytes())


@pytest.mark.parametrize("feather_px", [0, 1, 4, 10])
def test_what_is_marked_is_painted_whole_and_the_edge_is_soft_on_the_kept_side(feather_px):
    mask = masks.drawn(marked(100, 100, (40, 40, 60, 60)), 100, 100, feather_px=feather_px)
    assert mask[40:60, 40:60].min() == 1
    beside = mask[50, :40]
    assert (np.diff(beside) >= 0).all()
    assert beside[: 40 - 2 * feather_px].max() == 0
    assert ((beside > 0) & (beside < 1)).any() == (feather_px > 0)


def test_half_way_over_a_feather_the_two_are_mixed_evenly():
    mask = masks.drawn(marked(200, 200, (100, 0, 200, 200)), 200, 200, feather_px=8)
    assert mask[100, 100 - 8] == pytest.approx(0.5, abs=0.1)


def test_a_mask_is_cut_to_a_stages_shape_as_its_picture_is():
    """A wide picture and its mask lose the same at both sides."""
    mask = masks.drawn(marked(128, 64, (0, 0, 32, 64)), 64, 64, feather_px=0)
    assert mask.max() < 0.5
    assert masks.drawn(marked(128, 64, (0, 0, 40, 64)), 64, 64, feather_px=0)[32, :7].min() == 1


def test_traces_of_a_brush_mark_nothing():
    assert masks.is_empty(marked(level=100))
    assert not masks.is_empty(marked(level=160))
    assert masks.is_empty(Raster(0, 0, b""))


def test_a_latent_position_is_painted_as_far_as_any_of_its_pixels():
    mask = np.zeros((32, 32), dtype=np.float32)
    mask[7, 7], mask[8, 24] = 0.5, 1
    latents = masks.of_latents(mask, 4, 4)
    assert latents.shape == (1, 4, 4)
    assert (latents[0, 0, 0], latents[0, 1, 3], latents.sum()) == (0.5, 1, 1.5)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 9))
def test_where_nothing_is_painted_the_kept_pixels_stay_to_the_bit(seed):
    kept, painted = noise(16, 16, seed), noise(16, 16, seed + 10)
    mask = np.zeros((16, 16), dtype=np.float32)
    mask[4:8], mask[8:] = 0.5, 1
    mixed = values(masks.composite(painted, kept, mask))
    assert (mixed[:4] == values(kept)[:4]).all()
    assert (mixed[8:] == values(painted)[8:]).all()
    assert np.abs(mixed[4:8] - (values(kept) + values(painted))[4:8] / 2).max() <= 0.5


def test_all_around_a_placed_picture_is_painted():
    mask = masks.around(PLACE, 96, 80, feather_px=0)
    assert mask.shape == (80, 96)
    assert mask.sum() == 96 * 80 - 48 * 32
    assert mask[24:56, 16:64].max() == 0


def test_a_mask_of_a_placed_picture_is_painted_with_what_is_around_it():
    inside = marked(96, 64, (0, 0, 48, 64))  # at twice the size that the picture has on the canvas
    mask = masks.around(PLACE, 96, 80, feather_px=0, inside=inside)
    assert mask[24:56, 16:39].min() == 1
    assert mask[24:56, 41:64].max() == 0
    assert mask[:24].min() == 1


# --- the canvas


def test_a_placed_picture_keeps_its_pixels_and_the_rest_is_filled():
    source = noise(48, 32)
    canvas = placed(source, PLACE, 96, 80)
    assert (values(canvas)[24:56, 16:64] == values(source)).all()
    assert (canvas.width_px, canvas.height_px) == (96, 80)
    assert placed(source, PLACE, 96, 80) == canvas


def test_the_fill_has_the_colors_of_the_edge_that_it_lies_beside():
    colors = np.zeros((32, 48, 3), dtype=np.uint8)
    colors[:, :24], colors[:, 24:] = (200, 30, 30), (30, 30, 200)
    canvas = values(placed(Raster(48, 32, colors.tobytes()), PLACE, 96, 80))
    left, right = canvas[30:50, 4:14].mean((0, 1)), canvas[30:50, 68:90].mean((0, 1))
    assert left[0] > left[2] + 60
    assert right[2] > right[0] + 60


def test_the_fill_is_no_flat_area():
    canvas = values(placed(plain(48, 32), PLACE, 96, 80))
    assert canvas[:20, :12].std(axis=(0, 1)).min() > 4


@pytest.mark.parametrize(
    ("place", "inside"),
    [
        ((0, 0, 96, 80), True),
        ((1, 0, 96, 80), False),
        ((0, -1, 20, 20), False),
        ((90, 70, 6, 10), True),
        ((90, 70, 6, 11), False),
        ((5, 5, 0, 5), False),
    ],
)
def test_a_place_lies_inside_the_canvas_or_not(place, inside):
    left, top, width, height = place
    assert is_inside(Placement(left_px=left, top_px=top, width_px=width, height_px=height), 96, 80) == inside


def test_a_place_grows_with_its_canvas():
    assert scaled(PLACE, 2, 1.5) == Placement(left_px=32, top_px=36, width_px=96, height_px=48)


def test_masks_are_float32():
    assert torch.from_numpy(masks.around(PLACE, 96, 80, feather_px=3)).dtype == torch.float32
