"""What several styles work with: blurs, edges, textures, and pictures cut into cells.

Textures come from small pools and are made of few numbers that are enlarged, so one seed looks alike at every size.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import ndimage, spatial

from generation.starter.scenes.canvas import Floats

Labels: TypeAlias = npt.NDArray[np.int64]
POOL: Final = 16
"""Textures of each kind."""
BASE_PX: Final = 128.0


@dataclass(frozen=True)
class Picture:
    """What a style gets: the drawn picture, the area of its figures, and random numbers for textures.

    rgb: (side, side, 3), 0 to 1. mask: (side, side), 0 to 1. scenery: whether there is a landscape (a design has none).
    """

    rgb: Floats
    mask: Floats
    rng: np.random.Generator
    scenery: bool = True

    @property
    def side(self) -> int:
        """Width and height in px."""
        return int(self.rgb.shape[0])

    @property
    def unit(self) -> float:
        """Px of this picture for one px of a picture of 128."""
        return self.side / BASE_PX

    @property
    def figure(self) -> Floats:
        """The mask with a last axis, to multiply with colors."""
        return self.mask[..., None]

    def any_texture(self) -> int:
        """The number of a texture of the pool."""
        return int(self.rng.integers(POOL))


def color(red: float, green: float, blue: float) -> Floats:
    """One color as an array, to mix with pictures."""
    return np.array([red, green, blue], np.float32)


def blur(values: Floats, sigma: float) -> Floats:
    """Gaussian blur over the two axes of the picture; the border repeats."""
    sigmas: Any = (sigma, sigma, 0) if values.ndim == 3 else sigma  # noqa: PLR2004
    blurred: Floats = ndimage.gaussian_filter(values, sigmas, mode="nearest", truncate=2.5)
    return blurred


def saturate(rgb: Floats, amount: float) -> Floats:
    """Colors moved away from their gray (above 1) or toward it."""
    gray = rgb.mean(-1, keepdims=True)
    made: Floats = np.clip(gray + (rgb - gray) * amount, 0, 1)
    return made


def gray(rgb: Floats) -> Floats:
    """Brightness, (side, side), 0 to 1."""
    return rgb @ np.array([0.30, 0.55, 0.15], np.float32)


def edges(picture: Picture, sigma: float = 0.8) -> Floats:
    """Contours of the picture, (side, side), 0 to 1; the same strength at every size."""
    soft = blur(picture.rgb, sigma * picture.unit)
    dx, dy = ndimage.sobel(soft, 1, mode="nearest"), ndimage.sobel(soft, 0, mode="nearest")
    made: Floats = np.clip(np.sqrt((dx * dx + dy * dy).sum(-1)) * picture.unit * 0.40 - 0.10, 0, 1)
    return made


def drawn_lines(picture: Picture, outside: float, rim: float, inside: float, width: float = 1.0) -> Floats:
    """Lines as a draftsman sets them, (side, side), 0 to 1: of the scenery, around the figures, and finer inside them.

    outside, rim, inside: strength of each. width: of the line around the figures, in px of a 128 px picture.
    """
    contour = edges(picture, 0.7)
    soft = blur(picture.mask, 0.75 * width * picture.unit)
    band = np.clip((1 - np.abs(2 * soft - 1)) * 1.9 - 0.25, 0, 1)
    inner = np.clip(contour * 1.1 - 0.12, 0, 1) * inside * picture.mask
    lines: Floats = np.maximum(np.maximum(contour * outside * (1 - picture.mask), inner), band * rim).astype(np.float32)
    return np.clip(lines, 0, 1)


def shifted(values: Floats, dx: float, dy: float) -> Floats:
    """The picture moved by whole px, its border repeated."""
    x, y = round(dx), round(dy)
    side = values.shape[0]
    rows = np.clip(np.arange(side) - y, 0, side - 1)
    columns = np.clip(np.arange(side) - x, 0, side - 1)
    return values[rows[:, None], columns[None]]


def grid(side: int) -> tuple[Floats, Floats]:
    """The y and x of every px as in a picture of 128 px."""
    at = (np.arange(side, dtype=np.float32) + 0.5) * (BASE_PX / side)
    return at[:, None], at[None, :]


def smaller(picture: Picture, side: int) -> Picture:
    """The picture at `side` px, or as it is if that does not divide it. Styles decide by it, to agree at every size."""
    step, rest = divmod(picture.side, side)
    if rest or step < 1:
        return picture
    rgb = picture.rgb.reshape(side, step, side, step, 3).mean((1, 3))
    mask = picture.mask.reshape(side, step, side, step).mean((1, 3))
    return Picture(rgb, mask, picture.rng, picture.scenery)


@cache
def smooth(side: int, number: int) -> Floats:
    """Cloudy noise, (side, side), mean 0 and deviation 1."""
    rng = np.random.default_rng([7, number])
    total = sum(
        weight * _enlarged(rng.normal(size=(cells, cells)), side, 3)
        for cells, weight in ((6, 1.0), (14, 0.6), (30, 0.4))
    )
    return _normed(np.asarray(total))


@cache
def grain(side: int, number: int) -> Floats:
    """Fine noise of about 2 px of a 128 px picture, (side, side), mean 0 and deviation 1."""
    return _normed(_enlarged(np.random.default_rng([8, number]).normal(size=(64, 64)), side, 1))


def _enlarged(values: npt.NDArray[np.float64], side: int, order: int) -> npt.NDArray[np.float64]:
    wide: npt.NDArray[np.float64] = ndimage.zoom(
        values, side / values.shape[0], order=order, mode="nearest", grid_mode=True
    )
    return wide[:side, :side]


def _normed(values: npt.NDArray[np.float64]) -> Floats:
    made: Floats = ((values - values.mean()) / values.std()).astype(np.float32)
    return made


def warped(rgb: Floats, dx: Floats, dy: Floats) -> Floats:
    """Every px taken from a place dx, dy px away."""
    side = rgb.shape[0]
    rows, columns = np.mgrid[0:side, 0:side]
    y = np.clip(np.rint(rows + dy), 0, side - 1).astype(int)
    x = np.clip(np.rint(columns + dx), 0, side - 1).astype(int)
    made: Floats = rgb[y, x]
    return made


@dataclass(frozen=True)
class Cells:
    """A picture cut into numbered cells: the cell of each px, how many there are, and how far from its border it is."""

    number: Labels
    count: int
    inside: Floats
    """Distance to the cell's border, in px of a 128 px picture."""


@cache
def cells(side: int, across: int, jitter: float, number: int) -> Cells:
    """About `across` by `across` cells, their middles moved by up to `jitter` of a cell; if much, set like bricks."""
    rng = np.random.default_rng([9, across, number])
    row, column = np.mgrid[-1 : across + 1, -1 : across + 1]
    x = (column + 0.5 + 0.5 * (row % 2) * (jitter > 0.2) + rng.uniform(-jitter, jitter, column.shape)) / across  # noqa: PLR2004
    y = (row + 0.5 + rng.uniform(-jitter, jitter, row.shape)) / across
    middles = np.stack([y.ravel(), x.ravel()], 1)
    where = (np.stack(list(np.mgrid[0:side, 0:side]), -1).reshape(-1, 2) + 0.5) / side
    far, nearest = spatial.cKDTree(middles).query(where, k=2)
    inside = ((far[:, 1] - far[:, 0]) * BASE_PX / 2).reshape(side, side).astype(np.float32)
    return Cells(nearest[:, 0].reshape(side, side).astype(np.int64), len(middles), inside)


def mean_by(rgb: Floats, number: Labels, count: int) -> Floats:
    """The mean color of every cell, (count, 3)."""
    flat = number.ravel()
    size = np.maximum(1, np.bincount(flat, minlength=count))
    sums = [np.bincount(flat, rgb[..., part].ravel(), count) / size for part in range(3)]
    return np.stack(sums, 1).astype(np.float32)


def over(base: Floats, ink: Floats, share: Floats) -> Floats:
    """`base` with `share` (side, side or with a last axis) of `ink` over it."""
    amount = share[..., None] if share.ndim == 2 else share  # noqa: PLR2004
    return base * (1 - amount) + ink * amount
