"""What one picture and one request own while they are resident.

A picture is a trajectory: its latents, its table of steps, its generator and its conditioning travel together, and
nothing of it lives anywhere else. Dropping the `Resident` frees all of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import torch

from generation.contracts import ControlUse, EngineListener, Network, Raster, RenderRequest, Stage
from generation.engine.adapters.control import behind
from generation.engine.adapters.worn import Outfit, control_of, image_prompts_of, only, outfit_of
from generation.engine.families.base import Conditioning, Family, LatentShape
from generation.engine.images import fit
from generation.engine.pixels import to_pixels
from generation.engine.repainting import Kept
from generation.engine.sampling.guidance import Guidance
from generation.engine.sampling.samplers import SAMPLERS
from generation.engine.sampling.tables import Step, StepTable
from generation.engine.styles import Style
from generation.engine.tiles import Tiling, for_stage


class Run(Protocol):
    """A picture that is made outside of the step batch, by turns with the others' steps.

    step, steps: how many steps are done, of how many.
    latents: (channels, h, w), after the last step; None where they cannot be looked at.
    """

    step: int
    steps: int
    latents: torch.Tensor | None

    @property
    def picture(self) -> Raster | None:
        """The finished picture; None until then."""
        ...

    def advance(self) -> None:
        """Take one step."""
        ...

    def cancel(self) -> None:
        """Free what it holds."""
        ...


class Bucket(NamedTuple):
    """Trajectories of one bucket may share a forward pass.

    tokens: length of their conditioning. Padding a short prompt to the length of a long one would change its picture,
        so only those of one length meet.
    seamless: whether the network pads with the opposite edges.
    tiling: how the network is shown the latents, one tile after another; None shows them whole.
    outfit: the LoRAs that the network wears, the ControlNet that leads it, and the IP-Adapter, once for each picture
        that it is shown.
    """

    checkpoint: str
    network: Network
    latent_shape: LatentShape
    tokens: int
    seamless: bool = False
    tiling: Tiling | None = None
    outfit: Outfit = ()

    @property
    def edges_meet(self) -> bool:
        """Whether the pictures can be laid out as tiles."""
        return self.seamless or (self.tiling is not None and self.tiling.wraps)


@dataclass(slots=True, eq=False)
class Trajectory:
    """One picture on its way from noise.

    key: unique in the engine.
    conditionings: what the network of each stage is told, a row per text: the negative prompt first, unless no step is
        guided, then the parts.
    guidance: what the output of each text counts for, and when.
    latents: (channels, h, w), float32, clean latents and noise in the proportions of the table.
    denoised: (channels, h, w), float32, the last estimate of the clean latents; None before the first step.
    denoised_before: the same, of one step before; kept only where the next step leans on it.
    table, step: the steps of this stage and how many are done.
    steps_before: steps done in earlier stages.
    style: what the estimates of the first stage are led to; None leads nowhere.
    kept, noise: what is not painted and the (channels, h, w) noise that it is put back under; None where all is.
    beside: (channels, h, w), float32, what a network for inpainting is shown beside the latents; None for others.
    hint: (channels, h, w), float32, the control picture of this stage as `adapters.control.behind` lays it; None where
        no ControlNet leads it.
    control: how much it counts, and when; None as well.
    run: what makes it outside of the step batch, a step at a time; None inside.
    picture: None until the last stage is decoded.
    """

    key: int
    request_id: str
    generator: torch.Generator
    conditionings: Mapping[Network, Conditioning]
    guidance: Guidance
    bucket: Bucket
    latents: torch.Tensor
    table: StepTable
    stage_index: int = 0
    step: int = 0
    steps_before: int = 0
    denoised: torch.Tensor | None = None
    denoised_before: torch.Tensor | None = None
    style: Style | None = None
    kept: Kept | None = None
    noise: torch.Tensor | None = None
    beside: torch.Tensor | None = None
    hint: torch.Tensor | None = None
    control: ControlUse | None = None
    run: Run | None = None
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
    def row_conditioning(self) -> Conditioning:
        """What the next step's rows are told: the parts, and the negative prompt before them if it is guided."""
        told = self.conditionings[self.bucket.network]
        return told.rows(slice(len(told) - self.rows, None))

    @property
    def rescale(self) -> float:
        """How much the next step's guided output is rescaled, 0 to 1; an output that is not guided never is."""
        return self.guidance.rescale if self.guidance.is_guided_at(self.next_step.timestep) else 0.0

    @property
    def control_weight(self) -> float:
        """How much the control picture counts in the next step."""
        if self.control is None:
            return 0.0
        begins, ends = self.step / len(self.table), (self.step + 1) / len(self.table)
        return self.control.weight if self.control.start <= begins and ends <= self.control.end else 0.0

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
    def pictures(self) -> tuple[Raster, ...]:
        """Those that are done, in plan order."""
        return tuple(trajectory.picture for trajectory in self.trajectories if trajectory.picture is not None)

    @property
    def is_done(self) -> bool:
        """Whether all pictures are."""
        return len(self.pictures) == len(self.trajectories)

    @property
    def owner(self) -> str:
        """Who counts as one person with all that is theirs."""
        return self.request.owner or self.request.request_id

    @property
    def slowest_step(self) -> int:
        """Steps done by the picture that is furthest behind."""
        return min(trajectory.steps_done for trajectory in self.trajectories)


def table_of(stage: Stage, request: RenderRequest, family: Family) -> StepTable:
    """The steps of one stage of a request."""
    plan = request.plan
    _, height, width = family.latent_shape(stage.width_px, stage.height_px)
    schedule = family.schedule.spaced(plan.schedule).for_size(height, width)
    return SAMPLERS[plan.sampler](schedule, stage.steps, stage.strength, plan.eta).stopped_at(stage.stop)


def hint_of(stage: Stage, request: RenderRequest, bucket: Bucket, family: Family) -> torch.Tensor | None:
    """The control picture as a stage's network is shown it; None where no ControlNet leads it."""
    if request.control_picture is None or not only("control", bucket.outfit):
        return None
    picture = fit(request.control_picture, stage.width_px, stage.height_px)
    pixels = to_pixels(picture, family.device)[0] / 2 + 0.5
    return behind(pixels, stage.width_px // bucket.latent_shape[2])


def bucket_of(
    stage: Stage, request: RenderRequest, family: Family, conditionings: Mapping[Network, Conditioning]
) -> Bucket:
    """Where a stage's trajectories queue. LoRAs are made for the base network: one for high resolution wears none."""
    plan = request.plan
    network = family.network(stage.network)
    shape = family.latent_shape(stage.width_px, stage.height_px)
    tiling = for_stage(stage, family, wraps=plan.seamless)
    tokens = conditionings[network].tokens
    worn = (*only("lora", outfit_of(request)), *control_of(request), *image_prompts_of(request))
    outfit = worn if network == "base" else ()
    return Bucket(plan.checkpoint, network, shape, tokens, plan.seamless and tiling is None, tiling, outfit)
