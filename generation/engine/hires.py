"""The way from one stage to the next: decode, enlarge, encode, noise again.

Source: the two-stage high-resolution pass of latent upscaling tools; SDEdit (Meng et al. 2021) for the start at a
strength. A network sampled from pure noise beyond its native size repeats its subject; started from an enlarged
picture it keeps the layout and draws the detail.
"""

from __future__ import annotations

import torch

from generation.contracts import Raster, RenderRequest
from generation.engine.coding import decode
from generation.engine.families.base import Family
from generation.engine.sampling import noise
from generation.engine.starts import later_start
from generation.engine.state import Trajectory, bucket_of, hint_of, table_of
from mjweb.common.saying import sayable

OVERFLOWED = sayable("The picture's numbers overflowed; another seed or a lower guidance may help.")


class OverflowedError(ArithmeticError):
    """The latents are no longer numbers."""


def decode_picture(trajectory: Trajectory, family: Family) -> Raster:
    """The picture of a trajectory whose stage is done.

    Raises:
        OverflowedError: The latents hold infinities or NaN.
    """
    if trajectory.picture is not None:  # its own pipeline decoded it
        return trajectory.picture
    if not bool(torch.isfinite(trajectory.latents).all()):
        raise OverflowedError(OVERFLOWED)
    picture = decode(trajectory.latents, family, seamless=trajectory.bucket.edges_meet)
    return trajectory.kept.in_picture(picture) if trajectory.kept else picture


def enter_next_stage(trajectory: Trajectory, picture: Raster, request: RenderRequest, family: Family) -> None:
    """Put a trajectory at the start of its next stage.

    Effects: changes the trajectory; it must be given to the scheduler again, its bucket is another.
    """
    stage = request.plan.stages[trajectory.stage_index + 1]
    start = later_start(picture, stage, request, family)
    bucket = bucket_of(stage, request, family, trajectory.conditionings)
    table = table_of(stage, request, family)
    fresh = noise.draw(trajectory.generator, bucket.latent_shape, family.device)
    trajectory.latents = start.under(fresh, table)
    trajectory.bucket, trajectory.table = bucket, table
    trajectory.kept, trajectory.noise, trajectory.beside = start.kept, fresh if start.kept else None, start.beside
    trajectory.hint = hint_of(stage, request, bucket, family)
    trajectory.style = None  # the picture has it by now
    trajectory.steps_before += trajectory.step
    trajectory.step = 0
    trajectory.stage_index += 1
