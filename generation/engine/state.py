"""What one picture and one request own while they are resident.

A picture is a trajectory: its latents, its table of steps, its generator and its conditioning travel together, and
nothing of it lives anywhere else. Dropping the `Resident` frees all of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import torch

from generation.contracts import EngineListener, Network, Raster, RenderRequest, Stage
from generation.engine.families.base import Family, LatentShape
from generation.engine.sampling import noise
from generation.engine.sampling.guidance import Guidance
from generation.engine.sampling.samplers import SAMPLERS
from generation.engine.sampling.tables import Step, StepTable


class Bucket(NamedTuple):
    """Trajectories of one bucket may share a forward pass.

    tokens: length of their conditioning. Padding a short prompt to the length of a long one would change its picture,
        so only those of one length meet.
    """

    checkpoint: str
    network: Network
    latent_shape: LatentShape
    tokens: int


@dataclass(slots=True, eq=False)
class Trajectory:
    """One picture on its way from noise.

    key: unique in the engine.
    text: (texts, tokens, width), the conditioning: the negative prompt first, unless no step is guided, then the parts.
    guidance: what the output of each text counts for, and when.
    latents: (channels, h, w), float32, clean latents and noise in the proportions of the table.
    denoised: (channels, h, w), float32, the last estimate of the clean latents; None before the first step.
    denoised_before: the same, of one step before; kept only where the next step leans on it.
    table, step: the steps of this stage and how many are done.
    steps_before: steps done in earlier stages.
    picture: None until the last stage is decoded.
    """

    key: int
    request_id: str
    generator: torch.Generator
    text: torch.Tensor
    guidance: Guidance
    bucket: Bucket
    latents: torch.Tensor
    table: StepTable
    stage_index: int = 0
    step: int = 0
    steps_before: int = 0
    denoised: torch.Tensor | None = None
    denoised_before: torch.Tensor | None = None
    picture: Raster | None = None

    @property
    def next_step(self) -> Step:
        """The step that comes next; only while the stage is not done."""
        return self.table.steps[self.step]

    @property
    def row_weights(self) -> tuple[float, ...]:
        """What each row's output counts for in the next step."""
        return self.guidance.row_weights_at(self.next_step.timestep)

    @property
    def rows(self) -> int:
        """Rows of a forward pass that the next step takes; other steps may take another number."""
        return len(self.row_weights)

    @property
    def row_text(self) -> torch.Tensor:
        """(rows, tokens, width), the conditioning of the next step's rows: the parts, and the negative if guided."""
        return self.text[len(self.text) - self.rows :]

    @property
    def rescale(self) -> float:
        """How much the next step's guided output is rescaled, 0 to 1; an output that is not guided never is."""
        return self.guidance.rescale if self.guidance.is_guided_at(self.next_step.timestep) else 0.0

    @property
    def stage_is_done(self) -> bool:
        """Whether the latents are clean at this stage's size."""
        return self.step == len(self.table)

    @property
    def steps_done(self) -> int:
        """Steps done over all stages."""
        return self.steps_before + self.step


@dataclass(slots=True, eq=False)
class Resident:
    """A request in the engine.

    steps: steps of each of its pictures over all stages.
    told_step: the last step that the listener heard of.
    previewed_at: time.monotonic of the last preview; None before the first.
    """

    request: RenderRequest
    listener: EngineListener
    trajectories: tuple[Trajectory, ...]
    steps: int
    admitted_at: float
    told_step: int = 0
    previewed_at: float | None = None

    @property
    def slowest_step(self) -> int:
        """Steps done by the picture that is furthest behind."""
        return min(trajectory.steps_done for trajectory in self.trajectories)


def table_of(stage: Stage, request: RenderRequest, family: Family) -> StepTable:
    """The steps of one stage of a request."""
    plan = request.plan
    _, height, width = family.latent_shape(stage.width_px, stage.height_px)
    schedule = family.schedule.spaced(plan.schedule).for_size(height, width)
    return SAMPLERS[plan.sampler](schedule, stage.steps, stage.strength, plan.eta)


def bucket_of(stage: Stage, checkpoint: str, family: Family, tokens: int) -> Bucket:
    """Where a stage's trajectories queue; tokens: the length of their conditioning."""
    shape = family.latent_shape(stage.width_px, stage.height_px)
    return Bucket(checkpoint, family.network(stage.network), shape, tokens)


def noised(
    clean: torch.Tensor | None, table: StepTable, generator: torch.Generator, shape: LatentShape, device: torch.device
) -> torch.Tensor:
    """Latents to start a stage from: noise as the table begins, over clean latents where there are some.

    Effects: advances the generator.
    """
    start = noise.draw(generator, shape, device) * table.start_sigma
    return start if clean is None else clean * table.start_signal + start
