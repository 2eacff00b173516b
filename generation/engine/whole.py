"""Requests for checkpoints that paint whole pictures by themselves: what they cannot do, and their way into the engine.

A picture of theirs is a trajectory without rows: the scheduler serves it like any other, and its step is the
pipeline's.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import torch

from generation.contracts import EngineListener, RenderPlan, RenderRequest
from generation.engine.checks import BadPlanError
from generation.engine.families.whole_pipeline import WholePipeline
from generation.engine.sampling import noise
from generation.engine.sampling.guidance import Guidance
from generation.engine.sampling.tables import Step, StepTable
from generation.engine.state import Bucket, Resident, Trajectory

UNSEEN: Step = Step(0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0)
"""Stands for a step that the pipeline takes by numbers of its own."""


def admit_whole(
    request: RenderRequest, listener: EngineListener, pipeline: WholePipeline, keys: Iterator[int]
) -> Resident:
    """Make a request's trajectories; nothing of them has run.

    Raises:
        BadPlanError: The plan asks for what only the step batch can do.
    """
    plan = request.plan
    _check(request, pipeline)
    stage = plan.stages[0]
    source = request.sources[0] if stage.strength < 1 else None
    trajectories = []
    for seed in plan.seeds:
        run = pipeline.begin(plan, seed, source)
        trajectory = Trajectory(
            key=next(keys),
            request_id=request.request_id,
            generator=noise.seeded_generator(seed),
            conditionings={},
            guidance=Guidance(part_weights=(1.0,), scale=1.0, trained_timesteps=1),
            bucket=Bucket(plan.checkpoint, "base", (0, stage.height_px, stage.width_px), 0),
            latents=torch.empty(0),
            table=unseen_steps(run.steps),
            run=run,
        )
        trajectories.append(trajectory)
    return Resident(request, listener, tuple(trajectories), len(trajectories[0].table), admitted_at=time.monotonic())


def unseen_steps(steps: int) -> StepTable:
    """A table for a picture whose steps are taken elsewhere: it counts them and says nothing of them."""
    return StepTable((UNSEEN,) * steps, 1.0)


def advance(trajectory: Trajectory) -> None:
    """One step of a picture that has a run of its own.

    Effects: changes the trajectory; after the last step its picture is there.
    """
    run = trajectory.run
    assert run is not None  # noqa: S101 -- the caller looked
    run.advance()
    trajectory.step, trajectory.denoised, trajectory.picture = run.step, run.latents, run.picture


def _check(request: RenderRequest, pipeline: WholePipeline) -> None:
    plan = request.plan
    if not plan.parts or not plan.stages or not plan.seeds:
        raise BadPlanError("The plan lacks a prompt, a stage or a seed.")
    if unknown := _unknown(plan):
        raise BadPlanError(f"This checkpoint is painted by its own pipeline, which knows no {unknown}.")
    stage, multiple = plan.stages[0], pipeline.size_multiple_px
    if min(stage.width_px, stage.height_px) < multiple or stage.width_px % multiple or stage.height_px % multiple:
        raise BadPlanError(f"Width and height must be multiples of {multiple} px for this checkpoint.")
    if not 0 < stage.strength <= 1 or stage.steps < 1:
        raise BadPlanError("A stage needs a strength above 0 and at most 1, and a positive number of steps.")
    if stage.strength < 1 and not pipeline.starts_from_pictures:
        raise BadPlanError("This checkpoint makes pictures from texts alone; it cannot start from one.")
    if stage.strength < 1 and len(request.sources) != 1:
        raise BadPlanError("This checkpoint starts from exactly one picture.")


def _unknown(plan: RenderPlan) -> str | None:
    """The first thing that a plan asks for and that only the step batch has."""
    uses = plan.source_uses
    asked = {
        f"sampler {plan.sampler}": plan.sampler != "own",
        "schedules": plan.schedule != "model",
        "eta": plan.eta != 1,
        "weighted parts of a prompt": len(plan.parts) > 1,
        "guidance intervals": plan.guidance_interval != (0.0, 1.0),
        "guidance rescale": plan.guidance_rescale != 0,
        "second stage": len(plan.stages) > 1,
        "stage that stops early": plan.stages[0].stop != 1,
        "repainting": plan.repaint is not None,
        "tiles whose edges meet": plan.seamless,
        "chaos": plan.chaos != 0,
        "weird": plan.weird != 0,
        "adapters": bool(plan.adapters or plan.control),
        "blending, image prompts or style": len(uses) > 1 or any(use.prompt or use.style for use in uses),
    }
    return next((name for name, is_asked in asked.items() if is_asked), None)
