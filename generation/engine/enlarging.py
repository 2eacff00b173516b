"""Where the upscaler comes in: before pictures are painted on at a larger size, and where they are only enlarged."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import torch

from generation.contracts import EngineListener, Raster, RenderRequest, Stage
from generation.engine.checks import BadPlanError
from generation.engine.sampling import noise
from generation.engine.sampling.guidance import Guidance
from generation.engine.state import Bucket, Resident, Trajectory
from generation.engine.upscaling import Upscaler
from generation.engine.whole import unseen_steps

MOST_SIDE_PX: Final = 8192


class EnlargingRun:
    """One picture that is only made larger, in one step."""

    def __init__(self, source: Raster, stage: Stage, upscaler: Upscaler) -> None:
        self._source = source
        self._stage = stage
        self._upscaler = upscaler
        self.step, self.steps = 0, 1
        self.latents: torch.Tensor | None = None
        self.picture: Raster | None = None

    def advance(self) -> None:
        """Make it larger."""
        self.picture = self._upscaler.enlarge(self._source, self._stage.width_px, self._stage.height_px)
        self.step = 1

    def cancel(self) -> None:
        """Nothing is held."""


def admit_enlarging(
    request: RenderRequest, listener: EngineListener, upscaler: Upscaler, keys: Iterator[int]
) -> Resident:
    """The picture of a plan that paints nothing, before its only step.

    Raises:
        BadPlanError: It asks for more than one larger picture of one source.
    """
    plan, stage = request.plan, request.plan.stages[0]
    if len(plan.stages) != 1 or len(plan.seeds) != 1 or len(request.sources) != 1 or plan.repaint is not None:
        raise BadPlanError("A plan that paints nothing makes one picture larger, in one stage.")
    if not 1 <= min(stage.width_px, stage.height_px) <= max(stage.width_px, stage.height_px) <= MOST_SIDE_PX:
        raise BadPlanError(f"The sides of a picture are 1 to {MOST_SIDE_PX} px.")
    trajectory = Trajectory(
        key=next(keys),
        request_id=request.request_id,
        generator=noise.seeded_generator(plan.seeds[0]),
        conditionings={},
        guidance=Guidance(part_weights=(1.0,), scale=1.0, trained_timesteps=1),
        bucket=Bucket(plan.checkpoint, "base", (0, stage.height_px, stage.width_px), 0),
        latents=torch.empty(0),
        table=unseen_steps(1),
        run=EnlargingRun(request.sources[0], stage, upscaler),
    )
    return Resident(request, listener, (trajectory,), 1, admitted_at=time.monotonic())


def enlarge_sources(request: RenderRequest, upscaler: Upscaler) -> RenderRequest:
    """The request with those pictures at the first stage's size that it starts from; others stay as they are."""
    plan = request.plan
    leaves = not request.sources or plan.seamless or plan.repaint is not None
    if leaves or len(request.sources) != len(plan.source_uses):
        return request
    pairs = zip(plan.source_uses, request.sources, strict=True)
    sources = tuple(_enlarged(source, plan.stages[0], upscaler) if use.start else source for use, source in pairs)
    return replace(request, sources=sources)


def enlarge_for_next_stage(picture: Raster, stage_index: int, request: RenderRequest, upscaler: Upscaler) -> Raster:
    """The picture of a stage at the size of the next; one whose edges meet is left to those who know that."""
    if request.plan.seamless:
        return picture
    return _enlarged(picture, request.plan.stages[stage_index + 1], upscaler)


def _enlarged(picture: Raster, stage: Stage, upscaler: Upscaler) -> Raster:
    return upscaler.enlarge(picture, stage.width_px, stage.height_px)
