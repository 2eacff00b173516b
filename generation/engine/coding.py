"""Pictures to latents and back, of any size: whole, or in tiles where they are large; with edges that meet or not."""

from __future__ import annotations

import torch

from generation.contracts import Raster
from generation.engine import tiles
from generation.engine.families.base import Family
from generation.engine.norms import mosaic
from generation.engine.pixels import to_pixels, to_rasters
from generation.engine.seams import wrapped
from generation.engine.tiles import Tiling


def encode(picture: Raster, family: Family, *, seamless: bool = False) -> torch.Tensor:
    """A picture's latents, (channels, h, w), float32; its sides are multiples of the family's."""
    pixels = to_pixels(picture, family.device)
    tiling = tiles.for_coding(picture.width_px, picture.height_px, family, wraps=seamless)
    if tiling is not None:
        return encode_in_tiles(pixels, family, tiling)[0]
    return (_encode_around(pixels, family) if seamless else family.encode_picture(pixels))[0]


def decode(latents: torch.Tensor, family: Family, *, seamless: bool = False) -> Raster:
    """The picture of latents (channels, h, w)."""
    scale = pixels_per_position(family)
    height, width = latents.shape[-2:]
    tiling = tiles.for_coding(width * scale, height * scale, family, wraps=seamless)
    if tiling is not None:
        return to_rasters(decode_in_tiles(latents[None], family, tiling))[0]
    if seamless:
        return to_rasters(family.decode(latents[None], seamless=True))[0]
    return to_rasters(family.decode(latents[None]))[0]


def encode_in_tiles(pixels: torch.Tensor, family: Family, tiling: Tiling) -> torch.Tensor:
    """Latents (1, channels, h, w) of pixels (1, 3, height, width); only one tile's work is in memory at a time."""
    scale = pixels_per_position(family)
    with family.as_parts_of(pixels=mosaic(pixels, tiling.side, scale=scale)):
        return tiles.run_in_tiles(family.encode_picture, pixels, tiling, seen=scale)


def decode_in_tiles(latents: torch.Tensor, family: Family, tiling: Tiling) -> torch.Tensor:
    """Pixels (1, 3, height, width) of latents (1, channels, h, w); only one tile's work is in memory at a time."""
    with family.as_parts_of(latents=mosaic(latents, tiling.side)):
        return tiles.run_in_tiles(family.decode, latents, tiling, made=pixels_per_position(family))


def pixels_per_position(family: Family) -> int:
    """How many pixels a latent position stands for, along each side."""
    return family.size_multiple_px // family.latent_shape(family.size_multiple_px, family.size_multiple_px)[1]


def _encode_around(pixels: torch.Tensor, family: Family) -> torch.Tensor:
    """Latents of pixels whose edges meet."""
    height, width = family.latent_shape(pixels.shape[-1], pixels.shape[-2])[1:]
    around, margin = wrapped(pixels, pixels_per_position(family))
    return family.encode_picture(around)[..., margin : margin + height, margin : margin + width]
