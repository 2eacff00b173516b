"""From what was asked to the numbers that make it: PromptSpec and card to RenderPlan."""

from __future__ import annotations

import math
import secrets
from dataclasses import replace
from typing import Final, Literal

from generation.contracts import CheckpointCard, RenderPlan, Stage
from generation.errors import ActionNotPossibleError
from generation.prompts.spec import PromptSpec

PICTURES: Final = 4
SEEDS: Final = 2**32
UPSCALE_FACTOR: Final = 2
VARY_STRENGTH: Final = {"subtle": 0.55, "strong": 0.8}
VaryStrength = Literal["subtle", "strong"]


def plan_prompt(spec: PromptSpec, card: CheckpointCard) -> RenderPlan:
    """Four pictures from noise, as the prompt says."""
    width_px, height_px = picture_size(card, spec.aspect.width / spec.aspect.height)
    return RenderPlan(
        checkpoint=card.name,
        parts=spec.parts,
        negative_prompt=", ".join(spec.negative),
        guidance=round(card.guidance * stylize_factor(spec.stylize), 2),
        sampler=card.sampler,
        seeds=grid_seeds(spec.seed),
        stages=(Stage(width_px=width_px, height_px=height_px, steps=max(1, round(card.steps * spec.quality))),),
    )


def plan_reroll(plan: RenderPlan) -> RenderPlan:
    """The same again with other seeds."""
    return replace(plan, seeds=grid_seeds(None, count=len(plan.seeds)))


def plan_variation(plan: RenderPlan, card: CheckpointCard, *, strength: VaryStrength) -> RenderPlan:
    """Four pictures that start from a finished one of `plan`, at the checkpoint's native size."""
    width_px, height_px = picture_size(card, plan.width_px / plan.height_px)
    stage = Stage(width_px=width_px, height_px=height_px, steps=plan.stages[0].steps, strength=VARY_STRENGTH[strength])
    return replace(plan, seeds=grid_seeds(None), stages=(stage,))


def plan_upscale(plan: RenderPlan, card: CheckpointCard, *, seed: int) -> RenderPlan:
    """One picture of `plan` at twice its size: the second half of the two-stage high-resolution fix.

    Raises:
        ActionNotPossibleError: the result would be larger than the checkpoint allows.
    """
    width_px, height_px = plan.width_px * UPSCALE_FACTOR, plan.height_px * UPSCALE_FACTOR
    if max(width_px, height_px) > card.max_side_px:
        msg = f"This picture is as large as the model makes them ({card.max_side_px} px on the long side)."
        raise ActionNotPossibleError(msg, max_side_px=card.max_side_px)
    stage = Stage(
        width_px=width_px, height_px=height_px, steps=card.steps, strength=card.upscale_strength, network="hires"
    )
    return replace(plan, seeds=(seed,), stages=(stage,))


def picture_size(card: CheckpointCard, ratio: float) -> tuple[int, int]:
    """Width and height in pixels of about the native area, nearest to `ratio`, in the card's multiples."""
    multiple = card.size_multiple_px
    width = card.native_px * math.sqrt(ratio)
    width_px = max(multiple, round(width / multiple) * multiple)
    height_px = max(multiple, round(width / ratio / multiple) * multiple)
    return width_px, height_px


def stylize_factor(stylize: int) -> float:
    """How much `--stylize` (0-1000, default 100) scales guidance: 0.6 at 0, 1 at 100, 1.75 at 1000."""
    if stylize <= 100:  # noqa: PLR2004 - the default of --stylize
        return 0.6 + 0.4 * stylize / 100
    return 1 + 0.75 * (stylize - 100) / 900


def grid_seeds(first: int | None, *, count: int = PICTURES) -> tuple[int, ...]:
    """`count` seeds in a row from `first`, or from a random one."""
    start = secrets.randbelow(SEEDS) if first is None else first
    return tuple((start + offset) % SEEDS for offset in range(count))


def planned_steps(plan: RenderPlan) -> int:
    """About how many steps the plan takes, before the engine says it exactly."""
    return sum(max(1, round(stage.steps * stage.strength)) for stage in plan.stages)
