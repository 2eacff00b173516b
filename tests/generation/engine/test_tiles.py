"""Large pictures in tiles: every position is covered, seams do not show, and memory does not grow with the picture."""

from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from generation.contracts import Raster, Stage
from generation.engine import tiles
from generation.engine.coding import decode_in_tiles, encode, encode_in_tiles, pixels_per_position
from generation.engine.norms import mosaic
from generation.engine.pixels import to_pixels
from generation.engine.tiles import Tiling, for_coding, for_stage, run_in_tiles, windows
from tests.generation.engine.fakes import FakeFamily, painted, plan
from tests.generation.engine.seeing import values

MEAN_DIFFERENCE, LARGEST_DIFFERENCE = 2.2, 16.0
"""Of 255 levels, between a picture decoded in tiles and whole."""


@settings(max_examples=60, deadline=None)
@given(
    height=st.integers(1, 70), width=st.integers(1, 70), side=st.integers(2, 40), wraps=st.booleans(),
    scale=st.sampled_from([1, 8]),
)  # fmt: skip
def test_every_position_is_covered_and_tiles_put_together_are_the_whole(height, width, side, wraps, scale):
    whole = torch.randn(1, 2, height, width, generator=torch.Generator().manual_seed(0))
    wanted = whole.repeat_interleave(scale, dim=-1).repeat_interleave(scale, dim=-2)
    got = run_in_tiles(
        lambda tile: tile.repeat_interleave(scale, dim=-1).repeat_interleave(scale, dim=-2),
        whole, Tiling(side, wraps), made=scale,
    )  # fmt: skip
    assert torch.allclose(got, wanted, atol=1e-5)


@pytest.mark.parametrize("wraps", [False, True])
def test_tiles_are_no_larger_than_asked_and_overlap_by_a_quarter(wraps):
    cut = list(windows(64, 64, Tiling(32, wraps)))
    assert {tuple(window.weight.shape) for window in cut} == {(32, 32)}
    starts = sorted({int(window.columns[0]) for window in cut})
    assert starts == ([0, 21, 42] if wraps else [0, 16, 32])
    assert max(after - before for before, after in pairwise(starts)) <= 24


def test_a_tile_counts_less_towards_its_edges_and_never_nothing():
    (first, *_) = windows(64, 64, Tiling(32))
    middle, edge = first.weight[16, 16], first.weight[0, 16]
    assert middle > 0.9
    assert 0 < edge < 0.1


def test_tiles_of_a_picture_whose_edges_meet_lie_over_its_edges():
    rolled = [w for w in windows(16, 16, Tiling(16, wraps=True)) if 0 in w.columns[1:] and 15 in w.columns[:-1]]
    assert rolled


def test_where_neighbors_disagree_the_picture_passes_from_one_to_the_other_without_a_step():
    """Each tile is painted in a color of its own; the largest step between two positions is a small share of it."""
    colors = iter([0.0, 1.0, 0.0])
    merged = run_in_tiles(lambda tile: torch.full_like(tile, next(colors)), torch.zeros(1, 1, 32, 64), Tiling(32))
    steps = (merged[0, 0, 0, 1:] - merged[0, 0, 0, :-1]).abs()
    assert merged.max() > 0.9
    assert steps.max() < 0.1


@pytest.mark.parametrize(
    ("native_px", "device", "size", "whole"),
    [
        (64, "cpu", (192, 192), True),
        (64, "cpu", (256, 192), False),
        (512, "cpu", (768, 768), True),
        (512, "cpu", (1024, 768), False),
        (512, "cuda", (1024, 1024), True),
        (512, "cuda", (1536, 1536), False),
        (1024, "cuda", (1024, 1024), True),
        (1024, "cuda", (2048, 2048), False),
    ],
)
def test_a_stage_is_cut_when_it_is_too_large_for_the_device_or_for_the_network(native_px, device, size, whole):
    family = SimpleNamespace(
        native_px=native_px, size_multiple_px=64, device=torch.device(device), has_seamless_form=True,
        latent_shape=lambda width, height: (4, height // 8, width // 8),
    )  # fmt: skip
    stage = Stage(width_px=size[0], height_px=size[1], steps=5)
    tiling = for_stage(stage, family, wraps=False)
    assert (tiling is None) == whole
    if tiling:
        assert tiling.side * 8 % 64 == 0
        assert (tiling.side * 8) ** 2 <= tiles.WHOLE_PX[device]


def test_a_network_that_cannot_see_beyond_an_edge_is_shown_tiles_across_it():
    family = FakeFamily()
    family.has_seamless_form = False
    stage = Stage(width_px=64, height_px=32, steps=5)
    assert for_stage(stage, family, wraps=True) == Tiling(8, wraps=True)
    assert for_stage(stage, family, wraps=False) is None


@pytest.fixture(scope="module")
def large() -> Raster:
    """A picture of 512 px, light above and dark below: no tile of it has the tones of the whole."""
    rows = [bytes([round(255 * (1 - y / 511))] * 3) * 512 for y in range(512)]
    return Raster(512, 512, b"".join(rows))


@torch.inference_mode()
def test_a_picture_decoded_in_tiles_is_the_picture_decoded_whole_but_for_what_nobody_sees(starter, large):
    """Measured: 1.7 on average, 13 at most; 8 and 34 where a corner stands for the whole in place of a mosaic."""
    latents = encode(large, starter)[None]
    difference = (starter.decode(latents) - decode_in_tiles(latents, starter, Tiling(32))).abs() * 127.5
    assert difference.mean() < MEAN_DIFFERENCE
    assert difference.max() < LARGEST_DIFFERENCE


@torch.inference_mode()
def test_a_picture_encoded_in_tiles_has_the_latents_of_the_whole(starter, large):
    """Measured: they differ by 6 % of their spread, and by 22 % where a corner stands for the whole."""
    pixels = to_pixels(large, starter.device)
    whole = starter.encode_picture(pixels)
    assert (encode_in_tiles(pixels, starter, Tiling(32)) - whole).abs().mean() < 0.08 * whole.std()


@torch.inference_mode()
def test_after_a_picture_in_tiles_the_next_is_decoded_as_before(starter, large):
    latents = encode(large, starter)[None, :, :16, :16].contiguous()
    before = starter.decode(latents)
    decode_in_tiles(encode(large, starter)[None], starter, Tiling(32))
    assert torch.equal(starter.decode(latents), before)


def test_a_mosaic_is_of_patches_from_one_edge_to_the_other():
    whole = torch.arange(64.0).view(1, 1, 1, 64).expand(1, 1, 8, 64)
    patches = mosaic(whole, 16)
    assert patches.shape == (1, 1, 8, 24)
    assert patches[0, 0, 0].tolist() == [*range(8), *range(28, 36), *range(56, 64)]
    assert torch.equal(mosaic(whole, 64), whole)
    assert mosaic(whole.repeat_interleave(8, -1).repeat_interleave(8, -2), 16, scale=8).shape == (1, 1, 64, 192)


@torch.inference_mode()
def test_the_memory_of_a_decoding_in_tiles_does_not_grow_with_the_picture():
    family = FakeFamily()
    seen = []
    decode = family.decode
    family.decode = lambda latents: seen.append(latents.shape[-2:].numel()) or decode(latents)
    for side in (64, 256):
        decode_in_tiles(torch.zeros(1, 3, side, side), family, Tiling(32))
    assert max(seen) == 32 * 32


def test_large_pictures_are_coded_in_tiles_and_small_ones_whole():
    family = FakeFamily()
    assert for_coding(1024, 1024, family, wraps=False) is None
    assert for_coding(1024, 1088, family, wraps=False).side == 512 // pixels_per_position(family)


# --- painting in tiles


def test_the_network_sees_one_tile_at_a_time_whatever_the_size_of_the_picture():
    family = FakeFamily()
    seen, predict = set(), family.predict

    def remember(network, rows, timesteps, conditioning, **how):
        seen.add(tuple(rows.shape))
        return predict(network, rows, timesteps, conditioning, **how)

    family.predict = remember
    for side_px in (256, 512):
        painted(family, plan(seeds=(1,), stages=(Stage(width_px=side_px, height_px=side_px, steps=2),)))
    assert seen == {(2, 3, 16, 16)}


def test_no_seam_shows_where_tiles_of_a_large_picture_meet(starter):
    stages = (Stage(width_px=128, height_px=128, steps=8), Stage(width_px=512, height_px=512, steps=6, strength=0.45))
    picture = painted(starter, plan("a lighthouse by the sea", seeds=(1,), stages=stages))[0]
    assert change_at_tiles(picture) < 1.4


def change_at_tiles(picture) -> float:
    """How much the colors change where a tile begins or ends, per border between two other latent positions.

    Measured over three pictures: 0.8 to 1.15; 2.4 and 2.8 for tiles that do not overlap.
    """
    starts = {int(window.columns[0]) for window in windows(64, 64, Tiling(32))}
    edges = sorted((starts | {start + 32 for start in starts}) - {0, 64})
    changes = []
    for axis in (0, 1):
        steps = np.abs(np.diff(values(picture), axis=axis)).mean(axis=(1 - axis, 2))[7::8]
        changes.append(np.mean([steps[edge - 1] for edge in edges]) / steps.mean())
    return float(np.mean(changes))
