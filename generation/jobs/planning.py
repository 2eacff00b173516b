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
UPSCALE_FACTORS: Final = (1.5, 2, 4)
FURTHER_STRENGTH: Final = 2 / 3
"""What a second enlargement takes of the strength of the first: at the full one its detail turned to grain."""
VARY_STRENGTH: Final = {"subtle": 0.55, "strong": 0.8}
VaryStrength = Literal["subtle", "strong"]


def plan_prompt(spec: PromptSpec, card: CheckpointCard) -> RenderPlan:
    """Four pictures from noise, as the prompt says."""
    width_px, height_px = picture_size(card, spec.aspect.width / spec.aspect.height)
    return RenderPlan(
        checkpoint=card.name,
        parts=spec.parts,
        negative_prompt=", ".join(spec.negative),
        guidance=stylized_guidance(card, spec.stylize),
        sampler=card.sampler,
        schedule=card.schedule,
        seeds=grid_seeds(spec.seed, count=spec.best),
        keep=PICTURES if spec.best > PICTURES else None,
        stages=(Stage(width_px=width_px, height_px=height_px, steps=max(1, round(card.steps * spec.quality))),),
    )


def plan_reroll(plan: RenderPlan) -> RenderPlan:
    """The same again with other seeds."""
    return replace(plan, seeds=grid_seeds(None, count=len(plan.seeds)))


def plan_variation(plan: RenderPlan, card: CheckpointCard, *, strength: VaryStrength) -> RenderPlan:
    """Four pictures that start from a finished one of `plan`, at the checkpoint's native size.

    They start from its pixels: its latents, which are not stored, would spare one pass through the encoder in twenty
    steps, and would take as much room as the picture.
    """
    width_px, height_px = picture_size(card, plan.width_px / plan.height_px)
    stage = Stage(width_px=width_px, height_px=height_px, steps=plan.stages[0].steps, strength=VARY_STRENGTH[strength])
    return replace(one_more(plan), seeds=grid_seeds(None), stages=(stage,))


def plan_upscale(plan: RenderPlan, card: CheckpointCard, *, seed: int, factor: float = UPSCALE_FACTOR) -> RenderPlan:
    """One picture of `plan` enlarged: the second half of the two-stage high-resolution fix.

    factor: one of `UPSCALE_FACTORS`.

    Raises:
        ActionNotPossibleError: the result would be larger than the checkpoint allows, or there is no such factor.
    """
    stages = enlarging_stages(plan.width_px, plan.height_px, card, factor=factor)
    return replace(one_more(plan), seeds=(seed,), stages=stages)


def plan_enlargement(
    plan: RenderPlan, card: CheckpointCard, *, seed: int, factor: float = UPSCALE_FACTOR
) -> RenderPlan:
    """One picture of `plan` made larger pixel by pixel: nothing is painted, so nothing in it changes.

    Raises:
        ActionNotPossibleError: the result would be larger than the checkpoint allows, or there is no such factor.
    """
    enlarging_stages(plan.width_px, plan.height_px, card, factor=factor)  # for what it refuses
    width_px, height_px = int(plan.width_px * factor), int(plan.height_px * factor)
    stage = Stage(width_px=width_px, height_px=height_px, steps=0, strength=0)
    return replace(one_more(plan), seeds=(seed,), stages=(stage,))


def plan_hires(plan: RenderPlan, card: CheckpointCard, *, factor: float = UPSCALE_FACTOR) -> RenderPlan:
    """The same pictures enlarged in the same job: the two-stage high-resolution fix.

    Raises:
        ActionNotPossibleError: the result would be larger than the checkpoint allows, or there is no such factor.
    """
    return replace(plan, stages=(*plan.stages, *enlarging_stages(plan.width_px, plan.height_px, card, factor=factor)))


def enlarging_stages(width_px: int, height_px: int, card: CheckpointCard, *, factor: float) -> tuple[Stage, ...]:
    """The stages that enlarge a picture of this size; four times its size by way of twice.

    Raises:
        ActionNotPossibleError: the result would be larger than the checkpoint allows, or there is no such factor.
    """
    if factor not in UPSCALE_FACTORS:
        known = ", ".join(f"{one:g}" for one in UPSCALE_FACTORS)
        raise ActionNotPossibleError(f"A picture is not enlarged {factor:g} times; the factors are {known}.")
    if max(width_px, height_px) * factor > card.max_side_px:
        msg = f"This picture is as large as the model makes them ({card.max_side_px} px on the long side)."
        raise ActionNotPossibleError(msg, max_side_px=card.max_side_px)
    first = _enlarging_stage(width_px, height_px, card, min(factor, UPSCALE_FACTOR), card.upscale_strength)
    if factor <= UPSCALE_FACTOR:
        return (first,)
    further = card.upscale_strength * FURTHER_STRENGTH
    return first, _enlarging_stage(width_px, height_px, card, factor, round(further, 3))


def _enlarging_stage(width_px: int, height_px: int, card: CheckpointCard, factor: float, strength: float) -> Stage:
    """One of them; sides that are no multiples of the checkpoint's are rounded down."""
    multiple = card.size_multiple_px
    width_px, height_px = (int(side * factor) // multiple * multiple for side in (width_px, height_px))
    return Stage(width_px=width_px, height_px=height_px, steps=card.steps, strength=strength, network="hires")


def one_more(plan: RenderPlan) -> RenderPlan:
    """What a picture made from one of `plan` has in common with it: not what its grid was made of or spread by."""
    return replace(plan, keep=None, sources=(), repaint=None, control=None, chaos=0)


def picture_size(card: CheckpointCard, ratio: float) -> tuple[int, int]:
    """Width and height in pixels of about the native area, nearest to `ratio`, in the card's multiples."""
    multiple = card.size_multiple_px
    width = card.native_px * math.sqrt(ratio)
    width_px = max(multiple, round(width / multiple) * multiple)
    height_px = max(multiple, round(width / ratio / multiple) * multiple)
    return width_px, height_px


def stylized_guidance(card: CheckpointCard, stylize: int) -> float:
    """The card's guidance as `--stylize` wants it; a network that was distilled to need none gets none."""
    return card.guidance if card.guidance == 1 else round(card.guidance * stylize_factor(stylize), 2)


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
