"""From a request to resident trajectories: check the plan, encode its texts, draw its noise."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator

import torch

from generation.contracts import EngineListener, RenderPlan, RenderRequest, Stage
from generation.engine.families.base import Family, TextTooLongError
from generation.engine.families.chunks import fill_up
from generation.engine.images import fit
from generation.engine.pixels import to_pixels
from generation.engine.sampling import noise
from generation.engine.sampling.guidance import Guidance
from generation.engine.sampling.samplers import SAMPLERS
from generation.engine.state import Resident, Trajectory, bucket_of, noised, table_of


class BadPlanError(ValueError):
    """The plan asks for something that the engine cannot do; the message is a sentence for people."""


def admit(request: RenderRequest, listener: EngineListener, family: Family, keys: Iterator[int]) -> Resident:
    """Make a request's trajectories, each at the start of its first stage.

    keys: gives a fresh key for each trajectory.

    Raises:
        BadPlanError: The plan's numbers cannot be run.
    """
    _check(request, family)
    plan, stage = request.plan, request.plan.stages[0]
    guidance, text = _conditioning(plan, family)
    bucket, table = bucket_of(stage, plan.checkpoint, family, text.shape[1]), table_of(stage, request, family)
    clean = _encoded_source(request, stage, family)
    trajectories = []
    for seed in plan.seeds:
        generator = noise.seeded_generator(seed)
        latents = noised(clean, table, generator, bucket.latent_shape, family.device)
        key = next(keys)
        trajectories.append(Trajectory(key, request.request_id, generator, text, guidance, bucket, latents, table))
    steps = sum(len(table_of(each, request, family)) for each in plan.stages)
    return Resident(request, listener, tuple(trajectories), steps, admitted_at=time.monotonic())


def _conditioning(plan: RenderPlan, family: Family) -> tuple[Guidance, torch.Tensor]:
    """The guidance and its texts, filled up to one length: the negative prompt first, unless guidance is 1."""
    guidance = Guidance(
        part_weights=tuple(part.weight for part in plan.parts),
        scale=plan.guidance,
        trained_timesteps=len(family.schedule.sigmas),
        interval=plan.guidance_interval,
        rescale=plan.guidance_rescale,
    )
    negative = [plan.negative_prompt] if guidance.needs_unconditional else []
    try:
        texts = [family.encode_text(text) for text in (*negative, *(part.text for part in plan.parts))]
    except TextTooLongError as error:
        raise BadPlanError(str(error)) from error
    return guidance, fill_up(texts, family.encode_text(""))


def _encoded_source(request: RenderRequest, stage: Stage, family: Family) -> torch.Tensor | None:
    """The source picture's latents at the first stage's size, (channels, h, w); None for a start from noise."""
    if request.source is None or not request.plan.needs_source:
        return None
    picture = fit(request.source, stage.width_px, stage.height_px)
    return family.encode_picture(to_pixels(picture, family.device))[0]


def _check(request: RenderRequest, family: Family) -> None:
    """Refuse what would fail later, or would fail other people's pictures."""
    plan = request.plan
    if not plan.parts or not plan.stages or not plan.seeds:
        raise BadPlanError("The plan lacks a prompt, a stage or a seed.")
    _check_guidance(plan)
    _check_sampler(plan, family)
    if plan.needs_source and request.source is None:
        raise BadPlanError("The plan starts from a picture, but none was given.")
    if any(not 0 <= seed < 2**32 for seed in plan.seeds):
        raise BadPlanError("Seeds are whole numbers from 0 to 4294967295.")
    for number, stage in enumerate(plan.stages):
        _check_stage(stage, family, is_first=number == 0)


def _check_guidance(plan: RenderPlan) -> None:
    if not 0 < sum(part.weight for part in plan.parts) < math.inf:
        raise BadPlanError("The weights of the prompt's parts must add up to more than 0.")
    if not math.isfinite(plan.guidance):
        raise BadPlanError("The guidance is no number.")
    start, end = plan.guidance_interval
    if not 0 <= start <= end <= 1:
        raise BadPlanError("The guidance interval runs from a share of the way to a later one, both from 0 to 1.")
    if not 0 <= plan.guidance_rescale <= 1:
        raise BadPlanError("The guidance rescale is a share from 0 to 1.")


def _check_sampler(plan: RenderPlan, family: Family) -> None:
    if plan.sampler not in SAMPLERS:
        raise BadPlanError(f"There is no sampler {plan.sampler}.")
    steps = max(stage.steps for stage in plan.stages)
    if refusal := SAMPLERS[plan.sampler].refusal(family.schedule, plan.schedule, steps=steps, eta=plan.eta):
        raise BadPlanError(refusal)


def _check_stage(stage: Stage, family: Family, *, is_first: bool) -> None:
    multiple = family.size_multiple_px
    if min(stage.width_px, stage.height_px) < multiple or stage.width_px % multiple or stage.height_px % multiple:
        raise BadPlanError(f"Width and height must be multiples of {multiple} px for this checkpoint.")
    if not 0 < stage.strength <= 1 or not 1 <= stage.steps <= len(family.schedule.sigmas):
        raise BadPlanError("A stage needs a strength above 0 and at most 1, and a positive number of steps.")
    if stage.strength == 1 and not is_first:
        raise BadPlanError("A later stage starts from the picture before it, so its strength is below 1.")
