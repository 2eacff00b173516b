"""The way from one stage to the next: decode, enlarge, encode, noise again.

Source: the two-stage high-resolution pass of latent upscaling tools; SDEdit (Meng et al. 2021) for the start at a
strength. A network sampled from pure noise beyond its native size repeats its subject; started from an enlarged
picture it keeps the layout and draws the detail.
"""

from __future__ import annotations

import torch

from generation.contracts import Raster, RenderRequest
from generation.engine.families.base import Family
from generation.engine.images import fit
from generation.engine.pixels import to_pixels, to_rasters
from generation.engine.state import Trajectory, bucket_of, noised, table_of


class OverflowedError(ArithmeticError):
    """The latents are no longer numbers."""


def decode_picture(trajectory: Trajectory, family: Family) -> Raster:
    """The picture of a trajectory whose stage is done.

    Raises:
        OverflowedError: The latents hold infinities or NaN.
    """
    if not bool(torch.isfinite(trajectory.latents).all()):
        raise OverflowedError("The picture's numbers overflowed; another seed or a lower guidance may help.")
    return to_rasters(family.decode(trajectory.latents[None]))[0]


def enter_next_stage(trajectory: Trajectory, picture: Raster, request: RenderRequest, family: Family) -> None:
    """Put a trajectory at the start of its next stage.

    Effects: changes the trajectory; it must be given to the scheduler again, its bucket is another.
    """
    stage = request.plan.stages[trajectory.stage_index + 1]
    enlarged = fit(picture, stage.width_px, stage.height_px)
    clean = family.encode_picture(to_pixels(enlarged, family.device))[0]
    bucket = bucket_of(stage, request.plan.checkpoint, family, trajectory.bucket.tokens)
    table = table_of(stage, request, family)
    trajectory.latents = noised(clean, table, trajectory.generator, bucket.latent_shape, family.device)
    trajectory.bucket, trajectory.table = bucket, table
    trajectory.steps_before += trajectory.step
    trajectory.step = 0
    trajectory.stage_index += 1
