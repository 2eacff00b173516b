"""Throw-away steps, so that the first people wait for no kernel to be chosen and no number of rows to be tried out."""

from __future__ import annotations

import logging
import time
from typing import Final

import torch

from generation.contracts import Network
from generation.engine.families.base import Family
from generation.engine.families.whole_pipeline import paints_whole

logger = logging.getLogger(__name__)

GRID_ROWS: Final = 8
"""Four guided pictures, which is what people ask for most."""
REHEARSAL_S: Final = 5.0
"""After this long no further try-out begins: with a large model on a CPU each takes minutes."""


def rehearse(family: Family, max_rows: int) -> None:
    """Run throw-away steps of the shapes that the first people will ask for, the commonest first.

    Libraries choose their kernels when they first meet a shape, and the family tries out its exact numbers of rows.

    Raises:
        Exception: Whatever a single row of the native size raised; larger shapes are a bonus.
    """
    if paints_whole(family):
        return  # it takes as long as the first picture, which shows its progress
    began = time.monotonic()
    side_px = family.native_px
    _throw_away_a_picture(family, "base", side_px, rows=1)
    grid: tuple[Network, int, int] = ("base", side_px, GRID_ROWS)
    upscale: tuple[Network, int, int] = (family.network("hires"), 2 * side_px, 2)
    for network, enlarged_px, rows in (grid, upscale):
        if time.monotonic() - began > REHEARSAL_S:
            return
        try:
            _throw_away_a_picture(family, network, enlarged_px, rows=min(rows, max_rows))
        except Exception:
            logger.warning("rehearsal_failed", exc_info=True)


def _throw_away_a_picture(family: Family, network: Network, side_px: int, *, rows: int) -> None:
    """Everything that a square picture takes: texts, a step of so many rows, decoding, encoding."""
    shape = family.latent_shape(side_px, side_px)
    latents = torch.zeros((min(rows, family.row_limit(shape)), *shape), device=family.device)
    told = family.encode_text("", network).repeated(len(latents))
    outputs = family.predict(network, latents, latents.new_zeros(len(latents)), told)
    family.encode_picture(family.decode(outputs[:1]))
