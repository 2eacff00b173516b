"""Plans that begin with pictures: repaint a part, zoom out, pan, change the shape, blend, take after others."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Literal

from generation.contracts import (
    AdapterUse,
    CheckpointCard,
    Placement,
    PromptPart,
    RenderPlan,
    Repaint,
    SourceUse,
    Stage,
)
from generation.errors import ActionNotPossibleError
from generation.jobs.planning import grid_seeds, one_more, picture_size
from mjweb.common.saying import say

Direction = Literal["left", "right", "up", "down"]

PAINTED_STRENGTH: Final = 1.0
"""What is marked is painted from nothing: it shall be something else."""
CANVAS_STRENGTH: Final = 0.85
"""New canvas takes its colors from the fill around the picture."""
FEATHER: Final = 1 / 12
"""How far what is painted runs out over what is kept, as a share of the canvas's shorter side."""
LARGEST_ZOOM: Final = 2.0
PANNED: Final = 0.5
"""What a pan adds to the side that it moves along."""
MOST_BLENDED: Final = 5
BLEND_STRENGTH: Final = 0.8
BLEND_WEIGHT: Final = 2.0
"""What all pictures of a blend weigh together, beside a text of weight 1 where there is one."""
LARGEST_IMAGE_WEIGHT: Final = 3.0
LARGEST_STYLE_WEIGHT: Final = 1000


def plan_from_picture(plan: RenderPlan, *, strength: float) -> RenderPlan:
    """The plan of a prompt, started from a picture of any size instead of from noise.

    strength: above 0 and below 1, how much of the picture is given up.

    Raises:
        ActionNotPossibleError: the strength is out of range.
    """
    if not 0 < strength < 1:
        raise ActionNotPossibleError(say("The strength of a start from a picture is above 0 and below 1."))
    first, *later = plan.stages
    return replace(plan, stages=(replace(first, strength=strength), *later))


def plan_repaint(plan: RenderPlan, card: CheckpointCard, *, strength: float = PAINTED_STRENGTH) -> RenderPlan:
    """Four times a finished picture of `plan`, each with another part where its mask is white, at its own size.

    strength: above 0 and at most 1, how much of what was there is given up.

    Raises:
        ActionNotPossibleError: the strength is out of range.
    """
    if not 0 < strength <= 1:
        raise ActionNotPossibleError(say("The strength of a repaint is above 0 and at most 1."))
    stage = Stage(width_px=plan.width_px, height_px=plan.height_px, steps=card.steps, strength=strength)
    repaint = Repaint(feather_px=_feather_px(plan.width_px, plan.height_px) // 2)
    return replace(one_more(plan), seeds=grid_seeds(None), stages=(stage,), repaint=repaint)


def plan_zoom(plan: RenderPlan, card: CheckpointCard, *, factor: float, ratio: float | None = None) -> RenderPlan:
    """Four times a finished picture of `plan` from further away, on a canvas of about the native size.

    factor: 1 to 2; at 1 only the canvas's shape changes.
    ratio: width to height of the canvas; None keeps that of the picture.

    Raises:
        ActionNotPossibleError: the factor is out of range, or nothing would change.
    """
    if not 1 <= factor <= LARGEST_ZOOM:
        raise ActionNotPossibleError(say("Zooming out goes from 1 to {most} times.", most=f"{LARGEST_ZOOM:g}"))
    own = plan.width_px / plan.height_px
    width_px, height_px = picture_size(card, ratio or own)
    inside = min(width_px / own, height_px) / factor
    size = min(width_px, round(inside * own)), min(height_px, round(inside))
    if size == (width_px, height_px):
        raise ActionNotPossibleError(say("The picture has this shape already. Zoom out, or choose another shape."))
    left_px, top_px = (width_px - size[0]) // 2, (height_px - size[1]) // 2
    placement = Placement(left_px=left_px, top_px=top_px, width_px=size[0], height_px=size[1])
    return _on_canvas(plan, card, width_px, height_px, placement)


def plan_pan(plan: RenderPlan, card: CheckpointCard, *, direction: Direction) -> RenderPlan:
    """Four times a finished picture of `plan`, half as long again in a direction, at the size that it has.

    Raises:
        ActionNotPossibleError: the canvas would be larger than the checkpoint allows.
    """
    across = direction in ("left", "right")
    along = plan.width_px if across else plan.height_px
    multiple = card.size_multiple_px
    added = max(multiple, math.floor(along * PANNED / multiple) * multiple)
    if along + added > card.max_side_px:
        msg = say("This picture is as long as the model makes them ({most} px).", most=card.max_side_px)
        raise ActionNotPossibleError(msg, max_side_px=card.max_side_px)
    placement = Placement(
        left_px=added if direction == "left" else 0,
        top_px=added if direction == "up" else 0,
        width_px=plan.width_px,
        height_px=plan.height_px,
    )
    width_px, height_px = plan.width_px + added * across, plan.height_px + added * (not across)
    return _on_canvas(plan, card, width_px, height_px, placement)


def plan_blend(plan: RenderPlan, weights: Sequence[float]) -> RenderPlan:
    """Two to five pictures in one, at the size and with the words of a plan; it may have none.

    weights: one per picture, above 0.

    Raises:
        ActionNotPossibleError: too few or too many pictures, or one that weighs nothing.
    """
    if not 2 <= len(weights) <= MOST_BLENDED or not all(weight > 0 for weight in weights):  # noqa: PLR2004
        raise ActionNotPossibleError(
            say("A blend takes 2 to {most} pictures, each with a weight above 0.", most=MOST_BLENDED)
        )
    total = sum(weights)
    uses = tuple(SourceUse(start=weight, prompt=BLEND_WEIGHT * weight / total) for weight in weights)
    return replace(plan_from_picture(plan, strength=BLEND_STRENGTH), sources=uses)


def with_image_prompts(plan: RenderPlan, weights: Sequence[float]) -> RenderPlan:
    """The plan of a prompt beside which pictures say what to paint; none where all weigh 0.

    weights: `--iw` of each, 0 to 3; at 1 a picture counts as much as all words. The heavier the pictures, the more of
        their layout stays.

    Raises:
        ActionNotPossibleError: a weight is out of range, or there are too many pictures.
    """
    if len(weights) > MOST_BLENDED or not all(0 <= weight <= LARGEST_IMAGE_WEIGHT for weight in weights):
        raise ActionNotPossibleError(
            say(
                "A prompt takes up to {most} pictures, each with a weight from 0 to {weight}.",
                most=MOST_BLENDED,
                weight=f"{LARGEST_IMAGE_WEIGHT:g}",
            )
        )
    if not any(weights):
        return plan
    strength = start_strength(weights)
    uses = tuple(SourceUse(start=weight, prompt=weight) for weight in weights)
    return replace(plan_from_picture(plan, strength=strength), sources=(*uses, *plan.sources))


def shown_by(plan: RenderPlan, adapter: str, *, keeps_start: bool = False) -> RenderPlan:
    """The plan whose image prompts an IP-Adapter shows to the network, from noise on; one without any as it is.

    A picture of `--iw` w then counts for `w / (1 + the sum of all w)` of the adapter, and without words for
    `w / the sum`: 0.5 at 1, 0.75 at 3.

    adapter: as `adapters.image_prompt_adapter` names it.
    keeps_start: whether the plan still starts from these pictures, as one whose strength was asked for.
    """
    if not any(use.prompt for use in plan.sources):
        return plan
    plan = replace(plan, adapters=(*plan.adapters, AdapterUse(adapter)))
    if keeps_start or plan.repaint is not None:
        return plan
    uses = tuple(replace(use, start=0.0) if use.prompt else use for use in plan.sources)
    first, *later = plan.stages
    stages = plan.stages if any(use.start for use in uses) else (replace(first, strength=1.0), *later)
    return replace(plan, sources=uses, stages=stages)


def start_strength(weights: Sequence[float]) -> float:
    """How much of image prompts is given up, by the heaviest of them: 0.95 at 0, 0.65 at 3."""
    return round(0.95 - 0.1 * max(weights), 3)


def with_style(plan: RenderPlan, weights: Sequence[float]) -> RenderPlan:
    """The plan of a prompt in the colors and contrasts of pictures.

    weights: `--sw` of each, 0 to 1000; 100 is plain, and from 400 on the style is all theirs.

    Raises:
        ActionNotPossibleError: a weight is out of range, or there are too many pictures.
    """
    if len(weights) > MOST_BLENDED or not all(0 <= weight <= LARGEST_STYLE_WEIGHT for weight in weights):
        raise ActionNotPossibleError(
            say(
                "A style takes up to {most} pictures, each with a weight from 0 to {weight}.",
                most=MOST_BLENDED,
                weight=LARGEST_STYLE_WEIGHT,
            )
        )
    uses = tuple(SourceUse(style=round(min(1.0, math.sqrt(weight / 400)), 3)) for weight in weights)
    own = plan.source_uses if plan.needs_source else ()
    return replace(plan, sources=(*own, *uses))


def without_words(plan: RenderPlan) -> RenderPlan:
    """The plan with nothing said, for pictures to say all."""
    return replace(plan, parts=(PromptPart(""),))


def _on_canvas(
    plan: RenderPlan, card: CheckpointCard, width_px: int, height_px: int, placement: Placement
) -> RenderPlan:
    stage = Stage(width_px=width_px, height_px=height_px, steps=card.steps, strength=CANVAS_STRENGTH)
    repaint = Repaint(feather_px=_feather_px(width_px, height_px), placement=placement)
    return replace(one_more(plan), seeds=grid_seeds(None), stages=(stage,), repaint=repaint)


def _feather_px(width_px: int, height_px: int) -> int:
    return round(min(width_px, height_px) * FEATHER)
