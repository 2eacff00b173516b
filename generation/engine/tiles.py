"""Large latents in overlapping tiles, put together again so that no seam shows.

A network is run on one tile after another, and where tiles overlap their results are averaged, each counting less
towards its own edge. Done in every step, neighbors agree on what lies between them long before the picture is clean.

Source: Bar-Tal et al. 2023, "MultiDiffusion: Fusing Diffusion Paths for Controlled Image Generation", equation 5.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

import torch

from generation.contracts import Stage
from generation.engine.families.base import Family

WHOLE_PX: Final = {"cuda": 2 * 1024 * 1024, "cpu": 768 * 768}
"""Pictures of more pixels are painted in tiles, for their memory."""
WHOLE_SIDES: Final = 3
"""So are those of more than the square of so many native sides: further out networks repeat their subject."""
TILE_SIDES: Final = 2
"""A tile is a square of so many native sides, if `WHOLE_PX` allows."""
OVERLAP: Final = 0.25
"""Share of a tile's side that its neighbor paints as well, at least."""
CODED_PX: Final = {"cuda": 2 * 1024 * 1024, "cpu": 1024 * 1024}
"""Larger pictures are encoded and decoded in tiles."""
CODED_SIDE_PX: Final = {"cuda": 1024, "cpu": 512}
CODED_OVERLAP: Final = 0.125


class Tiling(NamedTuple):
    """How latents are cut.

    side: of a tile, in latent positions; latents that are shorter have tiles of their own length.
    wraps: whether the edges of the picture meet; tiles then run over them.
    overlap: share of a tile's side that its neighbor has as well, at least.
    """

    side: int
    wraps: bool = False
    overlap: float = OVERLAP


class Window(NamedTuple):
    """One tile of latents or of pixels: its rows and columns, which start over where a tile runs over an edge.

    rows: (h, 1); columns: (w,), both int64 on the CPU.
    weight: (h, w), float32, falling towards the edges and never 0.
    """

    rows: torch.Tensor
    columns: torch.Tensor
    weight: torch.Tensor


def for_stage(stage: Stage, family: Family, *, wraps: bool) -> Tiling | None:
    """How a stage is cut, in latent positions; None where it is painted whole.

    wraps: whether the picture's edges meet. A network that cannot see beyond an edge gets there by tiles across it.
    """
    allowed = WHOLE_PX[family.device.type]
    if stage.width_px * stage.height_px <= min(allowed, (WHOLE_SIDES * family.native_px) ** 2):
        whole = Tiling(max(family.latent_shape(stage.width_px, stage.height_px)[1:]), wraps)
        return whole if wraps and not family.has_seamless_form else None
    multiple = family.size_multiple_px
    side_px = max(multiple, min(TILE_SIDES * family.native_px, math.isqrt(allowed)) // multiple * multiple)
    return Tiling(family.latent_shape(side_px, side_px)[1], wraps)


def for_coding(width_px: int, height_px: int, family: Family, *, wraps: bool) -> Tiling | None:
    """How a picture is cut that is encoded or decoded, in latent positions; None where it is taken whole."""
    if width_px * height_px <= CODED_PX[family.device.type]:
        return None
    side_px = CODED_SIDE_PX[family.device.type]
    return Tiling(family.latent_shape(side_px, side_px)[1], wraps, CODED_OVERLAP)


def windows(height: int, width: int, tiling: Tiling, scale: int = 1) -> Iterator[Window]:
    """The tiles of a picture, row by row.

    height, width: in latent positions.
    scale: 1 for windows of the latents; pixels per latent position for the same windows of its pixels.
    """
    down, across = _axis(height, tiling), _axis(width, tiling)
    for top in down.starts:
        for left in across.starts:
            rows = (torch.arange(top * scale, (top + down.side) * scale) % (height * scale)).view(-1, 1)
            columns = torch.arange(left * scale, (left + across.side) * scale) % (width * scale)
            weight = _ramp(down, scale).view(-1, 1) * _ramp(across, scale)
            yield Window(rows, columns, weight)


def run_in_tiles(
    run: Callable[[torch.Tensor], torch.Tensor], whole: torch.Tensor, tiling: Tiling, *, seen: int = 1, made: int = 1
) -> torch.Tensor:
    """What `run` makes of each tile of `whole`, put together; only one tile's work is in memory at a time.

    Args:
        run: (n, channels, h * seen, w * seen) to (n, any channels, h * made, w * made).
        whole: (n, channels, height * seen, width * seen), all of one picture's size in latent positions.
        tiling: How it is cut.
        seen: Pixels per latent position of what `run` takes; 1 for latents.
        made: Of what it gives.

    Returns:
        (n, any channels, height * made, width * made), float32.
    """
    height, width = whole.shape[-2] // seen, whole.shape[-1] // seen
    merged, weights = whole.new_zeros(()), whole.new_zeros((height * made, width * made), dtype=torch.float32)
    pairs = zip(windows(height, width, tiling, seen), windows(height, width, tiling, made), strict=True)
    for taken, given in pairs:
        output = run(whole[..., taken.rows, taken.columns]).float()
        if not merged.ndim:
            merged = output.new_zeros((*output.shape[:2], *weights.shape))
        weight = given.weight.to(output.device)
        merged[..., given.rows, given.columns] += output * weight
        weights[given.rows, given.columns] += weight
    return merged.div_(weights)


class _Axis(NamedTuple):
    """The tiles along one side of a picture: where they start, how long they are and how much of them overlaps."""

    starts: tuple[int, ...]
    side: int
    overlap: int


def _axis(length: int, tiling: Tiling) -> _Axis:
    side = min(length, tiling.side)
    overlap = max(1, int(side * tiling.overlap))
    further = max(1, side - overlap)
    if tiling.wraps:
        count = max(2, math.ceil(length / further))
        starts = tuple(length * i // count for i in range(count))
        return _Axis(starts, side, side - length // count)
    if length == side:
        return _Axis((0,), side, overlap)
    count = math.ceil((length - overlap) / further)
    starts = tuple(round((length - side) * i / (count - 1)) for i in range(count))
    return _Axis(starts, side, side - (starts[1] - starts[0]))


def _ramp(axis: _Axis, scale: int) -> torch.Tensor:
    """Weights along one side of a tile: 1 in its middle, falling evenly over what overlaps."""
    places = torch.arange(axis.side * scale, dtype=torch.float32) + 0.5
    nearest_edge = torch.minimum(places, axis.side * scale - places)
    return (nearest_edge / (axis.overlap * scale)).clamp(max=1.0)
