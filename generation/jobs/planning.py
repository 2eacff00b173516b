"""From what was asked to the numbers that make it: PromptSpec and card to RenderPlan."""

from __future__ import annotations

import math
import secrets
from dataclasses import replace
from typing import Final, Literal

from generation.contracts import CheckpointCard, PromptPart, RenderPlan, Stage
from generation.errors import ActionNotPossibleError
from generation.prompts.spec import PromptSpec
from mjweb.common.saying import say

PICTURES: Final = 4
SEEDS: Final = 2**32
UPSCALE_FACTOR: Final = 2
UPSCALE_FACTORS: Final = (1.5, 2, 4)
FURTHER_STRENGTH: Final = 2 / 3
"""What a second enlargement takes of the strength of the first: at the full one its detail turned to grain."""
CONTRAST_TAKEN_BACK: Final = 0.7
"""Of what `--exp` gains at its most: the share that Lin et al. 2023 ("Common Diffusion Noise Schedules and Sample Steps
are Flawed", section 3.4) settled on."""
DRAFTED: Final = 0.5
"""What a draft takes of the steps."""
VARY_STRENGTH: Final = {"subtle": 0.55, "strong": 0.8}
VaryStrength = Literal["subtle", "strong"]


def plan_prompt(spec: PromptSpec, card: CheckpointCard) -> RenderPlan:
    """Four pictures from noise, by the numbers of a prompt.

    What a prompt says of styles, pictures and enlargements comes on top: `meaning`.
    """
    width_px, height_px = picture_size(card, spec.aspect.width / spec.aspect.height)
    sampler = spec.sampler or card.sampler
    stage = Stage(width_px=width_px, height_px=height_px, steps=planned_length(spec, card), stop=spec.stop / 100)
    return RenderPlan(
        checkpoint=card.name,
        parts=spec.parts or (PromptPart(""),),
        negative_prompt=", ".join(spec.negative),
        guidance=planned_guidance(spec, card),
        guidance_rescale=0.0 if card.sampler == "own" else round(CONTRAST_TAKEN_BACK * spec.exp / 100, 3),
        sampler=sampler,
        schedule=spec.schedule or (card.schedule if sampler == card.sampler else "model"),
        eta=0.0 if sampler == "ddim" else 1.0,
        seeds=grid_seeds(spec.seed, count=spec.best) if spec.same_seed is None else (spec.same_seed,),
        keep=PICTURES if spec.best > PICTURES and spec.same_seed is None else None,
        stages=(stage,),
        seamless=spec.tile,
        chaos=spec.chaos,
        weird=spec.weird,
    )


def planned_length(spec: PromptSpec, card: CheckpointCard) -> int:
    """Steps of the first stage: as typed, else the card's by quality and draft; at least one."""
    if spec.steps is not None:
        return spec.steps
    return max(1, round(card.steps * spec.quality * (DRAFTED if spec.draft else 1)))


def planned_guidance(spec: PromptSpec, card: CheckpointCard) -> float:
    """The guidance as typed, else the card's by `--stylize` and `--exp`; a network distilled to need none gets none."""
    if card.guidance == 1:
        return card.guidance
    if spec.guidance is not None:
        return spec.guidance
    return round(card.guidance * stylize_factor(spec.stylize) * (1 + spec.exp / 100), 2)


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


def plan_upscale(
    plan: RenderPlan,
    card: CheckpointCard,
    *,
    seed: int,
    factor: float = UPSCALE_FACTOR,
    strength: float | None = None,
) -> RenderPlan:
    """One picture of `plan` enlarged: the second half of the two-stage high-resolution fix.

    factor: one of `UPSCALE_FACTORS`.
    strength: above 0 and below 1, how much is painted anew; None is what the card says.

    Raises:
        ActionNotPossibleError: the result would be larger than the checkpoint allows, or there is no such factor.
    """
    stages = enlarging_stages(plan.width_px, plan.height_px, card, factor=factor, strength=strength)
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


def enlarging_stages(
    width_px: int, height_px: int, card: CheckpointCard, *, factor: float, strength: float | None = None
) -> tuple[Stage, ...]:
    """The stages that enlarge a picture of this size; four times its size by way of twice.

    strength: of the first of them; None is what the card says.

    Raises:
        ActionNotPossibleError: the result would be larger than the checkpoint allows, or there is no such factor.
    """
    if factor not in UPSCALE_FACTORS:
        known = ", ".join(f"{one:g}" for one in UPSCALE_FACTORS)
        raise ActionNotPossibleError(
            say("A picture is not enlarged {factor} times; the factors are {known}.", factor=f"{factor:g}", known=known)
        )
    if max(width_px, height_px) * factor > card.max_side_px:
        raise ActionNotPossibleError(_too_large(max(width_px, height_px), factor, card), max_side_px=card.max_side_px)
    strength = strength or card.upscale_strength
    first = _enlarging_stage(width_px, height_px, card, min(factor, UPSCALE_FACTOR), strength)
    if factor <= UPSCALE_FACTOR:
        return (first,)
    further = strength * FURTHER_STRENGTH
    return first, _enlarging_stage(width_px, height_px, card, factor, round(further, 3))


def _too_large(side_px: int, factor: float, card: CheckpointCard) -> str:
    most = f"{card.max_side_px} px"
    if min(factor, UPSCALE_FACTOR) * side_px > card.max_side_px:
        return say("This picture is as large as the model makes them ({most} on the long side).", most=most)
    return say(
        "{factor} times its size would be {side} px; the model makes at most {most}.",
        factor=f"{factor:g}",
        side=round(side_px * factor),
        most=most,
    )


def _enlarging_stage(width_px: int, height_px: int, card: CheckpointCard, factor: float, strength: float) -> Stage:
    """One of them; sides that are no multiples of the checkpoint's are rounded down."""
    multiple = card.size_multiple_px
    width_px, height_px = (int(side * factor) // multiple * multiple for side in (width_px, height_px))
    return Stage(width_px=width_px, height_px=height_px, steps=card.steps, strength=strength, network="hires")


def one_more(plan: RenderPlan) -> RenderPlan:
    """What a picture made from one of `plan` has in common with it: not what its grid was made of or spread by."""
    return replace(plan, keep=None, sources=(), repaint=None, control=None, chaos=0)


def picture_size(card: CheckpointCard, ratio: float) -> tuple[int, int]:
    """Width and height in pixels of about the native area, nearest to `ratio`, in the card's multiples.

    Of a very long shape the area is smaller: no side is longer than the checkpoint makes them.
    """
    multiple = card.size_multiple_px
    longest = card.max_side_px // multiple * multiple
    width = min(card.native_px * math.sqrt(ratio), longest, longest * ratio)
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
