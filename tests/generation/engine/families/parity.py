"""Whole runs of a tiny checkpoint: by the engine's parts, and by the pipeline of diffusers that its index names."""

from __future__ import annotations

import itertools
import warnings
from pathlib import Path
from typing import Any

import torch

from generation.contracts import PromptPart, Raster, RenderPlan, RenderRequest, Stage
from generation.engine.admission import admit
from generation.engine.batching import step_together
from generation.engine.loading import load_family
from generation.engine.state import Trajectory
from tests.generation.engine.fakes import Ear, plan

CLOSE = 1e-5
"""Largest difference of finished latents from those of diffusers, relative to the largest latent. Both compute
in 32 bits, in another order."""
PROMPT, NEGATIVE = "a red house by the sea", "fog"
STEPS = 4


def load(folder: Path) -> Any:
    return load_family(folder, device="cpu", dtype=torch.float32)


def asked(*, steps: int = STEPS, width_px: int = 32, height_px: int = 48, **changes: Any) -> RenderPlan:
    stage = Stage(width_px=width_px, height_px=height_px, steps=steps)
    values = {"parts": (PromptPart(PROMPT),), "sampler": "euler", "seeds": (3,), "stages": (stage,)}
    return plan(**(values | changes))


@torch.inference_mode()
def trajectories(family: Any, wanted: RenderPlan, source: Raster | None = None) -> tuple[Trajectory, ...]:
    request = RenderRequest(request_id="a", plan=wanted, sources=() if source is None else (source,))
    return admit(request, Ear(), family, itertools.count()).trajectories


@torch.inference_mode()
def finished(family: Any, *members: Trajectory) -> list[torch.Tensor]:
    """The latents that these pictures end with, stepped together as long as they can be."""
    while running := [member for member in members if not member.stage_is_done]:
        step_together(running, family)
    return [member.latents for member in members]


def ours(family: Any, wanted: RenderPlan, source: Raster | None = None) -> torch.Tensor:
    """Finished latents (pictures, channels, h, w)."""
    return torch.stack(finished(family, *trajectories(family, wanted, source)))


@torch.inference_mode()
def theirs(
    folder: Path, kind: str, wanted: RenderPlan, *, without: tuple[str, ...] = (), **arguments: Any
) -> torch.Tensor:
    """The same by diffusers: finished latents, in their scale, as its pipeline gives them.

    without: parts that the folder lacks.
    arguments: other ones of its call.
    """
    pipeline = pipeline_of(folder, kind, without)
    stage = wanted.stages[0]
    values = {
        "prompt": wanted.parts[0].text,
        "num_inference_steps": stage.steps,
        "guidance_scale": wanted.guidance,
        "generator": torch.Generator("cpu").manual_seed(wanted.seeds[0]),
        "output_type": "latent",
        "width": stage.width_px,
        "height": stage.height_px,
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pipeline(**(values | arguments)).images


def pipeline_of(folder: Path, kind: str, without: tuple[str, ...] = ()) -> Any:
    import diffusers

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        absent = dict.fromkeys(without)
        pipeline = getattr(diffusers, kind).from_pretrained(folder, local_files_only=True, **absent)
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def difference(one: torch.Tensor, other: torch.Tensor) -> float:
    """Largest difference, in units of the largest value."""
    assert one.shape == other.shape
    assert torch.isfinite(other).all()
    return float((one - other).abs().max() / other.abs().max())


def assert_same_bits_in_company(family: Any, *plans: RenderPlan) -> None:
    """Every picture of these plans has the bits that it has alone, while all of them are stepped together."""
    alone = [finished(family, member)[0] for each in plans for member in trajectories(family, each)]
    together = finished(family, *(member for each in plans for member in trajectories(family, each)))
    assert len(alone) > len(plans)
    assert all(torch.equal(one, other) for one, other in zip(alone, together, strict=True))
