"""From a request to resident trajectories: check the plan, encode its texts, draw its noise."""

from __future__ import annotations

import time
from collections.abc import Iterator

from generation.contracts import EngineListener, RenderRequest
from generation.engine.chaos import spread_guidance, spread_noise
from generation.engine.checks import check
from generation.engine.conditioning import (
    conditionings_of,
    conditionings_of_seed,
    guidance_of,
    show,
    tokens_of,
    wearing,
)
from generation.engine.families.base import Family
from generation.engine.families.whole_pipeline import paints_whole
from generation.engine.sampling import noise
from generation.engine.starts import first_start, style_of
from generation.engine.state import Resident, Trajectory, bucket_of, hint_of, table_of
from generation.engine.whole import admit_whole


def admit(request: RenderRequest, listener: EngineListener, family: Family, keys: Iterator[int]) -> Resident:
    """Make a request's trajectories, each at the start of its first stage.

    keys: gives a fresh key for each trajectory.

    Raises:
        BadPlanError: The plan's numbers cannot be run.
        AdapterInvalidError: One of its adapters cannot be read, or was made for another checkpoint.
    """
    if paints_whole(family):
        return admit_whole(request, listener, family, keys)
    check(request, family)
    plan = request.plan
    shown, tokens = show(request, family), tokens_of(request, family)
    guidance = guidance_of(plan, family, shown)
    with wearing(request, family):
        texts = conditionings_of(plan, guidance, family, shown)
    told = [conditionings_of_seed(texts, guidance, plan, seed, tokens) for seed in plan.seeds]
    bucket, table = bucket_of(plan.stages[0], request, family, told[0]), table_of(plan.stages[0], request, family)
    start, style = first_start(request, family), style_of(request, family)
    hint = hint_of(plan.stages[0], request, bucket, family)
    trajectories = []
    for seed, conditionings in zip(plan.seeds, told, strict=True):
        generator = noise.seeded_generator(seed)
        fresh = spread_noise(noise.draw(generator, bucket.latent_shape, family.device), plan.chaos, seed)
        trajectory = Trajectory(
            key=next(keys),
            request_id=request.request_id,
            generator=generator,
            conditionings=conditionings,
            guidance=spread_guidance(guidance, plan.chaos, seed),
            bucket=bucket,
            table=table,
            latents=start.under(fresh, table),
            style=style,
            kept=start.kept,
            noise=fresh if start.kept else None,
            beside=start.beside,
            hint=hint,
            control=plan.control if hint is not None else None,
        )
        trajectories.append(trajectory)
    steps = sum(len(table_of(each, request, family)) for each in plan.stages)
    return Resident(request, listener, tuple(trajectories), steps, admitted_at=time.monotonic())
