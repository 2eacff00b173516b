"""What the engine refuses before it begins: numbers out of range, pictures that lack or do not fit."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import Final

from generation.contracts import AdapterKind, Placement, RenderPlan, RenderRequest, Repaint, SourceUse, Stage
from generation.engine import chaos, masks, weird
from generation.engine.canvas import is_inside
from generation.engine.families.base import Family
from generation.engine.sampling.samplers import SAMPLERS

MOST_STARTS: Final = 5
MOST_SOURCES: Final = 10
MOST_GROWTH: Final = 4
MOST_ADAPTERS: Final = 5
MOST_ADAPTER_WEIGHT: Final = 2


A_KIND: Final[Mapping[AdapterKind, str]] = {
    "lora": "a LoRA",
    "embedding": "a learned word",
    "control": "a ControlNet",
    "image_prompt": "an IP-Adapter",
}


class BadPlanError(ValueError):
    """The plan asks for something that the engine cannot do; the message is a sentence for people."""


def check(request: RenderRequest, family: Family) -> None:
    """Refuse what would fail later, or would fail other people's pictures."""
    plan = request.plan
    if not plan.parts or not plan.stages or not plan.seeds:
        raise BadPlanError("The plan lacks a prompt, a stage or a seed.")
    _check_guidance(plan)
    _check_sampler(plan, family)
    _check_spread(plan)
    if any(not 0 <= seed < 2**32 for seed in plan.seeds):
        raise BadPlanError("Seeds are whole numbers from 0 to 4294967295.")
    for number, stage in enumerate(plan.stages):
        _check_stage(stage, family, is_first=number == 0)
    for before, after in pairwise(plan.stages):
        _check_growth(before, after)
    _check_sources(request)
    _check_repaint(request)
    _check_adapters(request, family)
    _check_control(request, family)


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
    if not 0 < stage.stop <= 1:
        raise BadPlanError("A stage stops after a share of its steps above 0 and at most 1.")


def _check_growth(before: Stage, after: Stage) -> None:
    """Refuse what would be enlarged beyond what a network can fill with detail, or made smaller."""
    across, down = after.width_px / before.width_px, after.height_px / before.height_px
    if not (1 <= across <= MOST_GROWTH and 1 <= down <= MOST_GROWTH):
        raise BadPlanError(f"A stage enlarges the picture before it at most {MOST_GROWTH} times, and never shrinks it.")


def _check_sources(request: RenderRequest) -> None:
    uses, starts = request.plan.source_uses, [use.start for use in request.plan.source_uses if use.start]
    if len(request.sources) < len(uses):
        given = len(request.sources) or "none"
        what = "starts from a picture" if len(uses) == 1 else f"needs {len(uses)} pictures"
        raise BadPlanError(f"The plan {what}, but {given} {'were' if len(request.sources) > 1 else 'was'} given.")
    if len(request.sources) > len(uses):
        raise BadPlanError("More pictures were given than the plan has a use for.")
    if len(uses) > MOST_SOURCES or len(starts) > MOST_STARTS:
        raise BadPlanError(f"At most {MOST_STARTS} pictures can be blended, and {MOST_SOURCES} used at all.")
    for use in uses:
        _check_use(use)
    if request.plan.stages[0].strength < 1 and request.plan.repaint is None and not starts:
        raise BadPlanError("The plan starts from a picture, but none of its pictures has a share in the start.")


def _check_use(use: SourceUse) -> None:
    if not all(0 <= weight < math.inf for weight in (use.start, use.prompt, use.style)) or use.style > 1:
        raise BadPlanError("A picture's weights are numbers from 0 on, and its weight as a style is at most 1.")


def _check_repaint(request: RenderRequest) -> None:
    plan = request.plan
    if plan.repaint is None:
        if request.mask is not None:
            raise BadPlanError("A mask was given, but the plan paints the whole picture.")
        return
    if plan.repaint.feather_px < 0:
        raise BadPlanError("The feather of a mask is 0 px or more.")
    if plan.repaint.placement is not None:
        _check_placement(plan.repaint, plan.repaint.placement, plan.stages[0])
    if plan.needs_mask:
        _check_mask(request)


def _check_adapters(request: RenderRequest, family: Family) -> None:
    uses, files = request.plan.adapters, request.adapters
    names = [use.name for use in uses]
    if names != [file.name for file in files]:
        raise BadPlanError("The files that were given are not those of the plan's adapters.")
    if sum(file.kind != "image_prompt" for file in files) > MOST_ADAPTERS:
        raise BadPlanError(f"At most {MOST_ADAPTERS} adapters go together.")
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise BadPlanError(f"The adapter {twice} is named twice.")
    for use, file in zip(uses, files, strict=True):
        if not abs(use.weight) <= MOST_ADAPTER_WEIGHT:
            raise BadPlanError(f"The weight of {use.name} is a number from -2 to 2.")
        if file.kind == "control":
            raise BadPlanError(f"{use.name} is a ControlNet, which a plan has a place of its own for.")
        if file.kind not in family.takes_adapters:
            raise BadPlanError(f"{use.name} is {A_KIND[file.kind]}, which this checkpoint does not take.")
    _check_image_prompts(request)


def _check_image_prompts(request: RenderRequest) -> None:
    shows = [file.name for file in request.adapters if file.kind == "image_prompt"]
    if len(shows) > 1:
        raise BadPlanError(f"{shows[0]} and {shows[1]} are both IP-Adapters: one shows all pictures.")
    if shows and not any(use.prompt for use in request.plan.source_uses):
        raise BadPlanError(f"{shows[0]} shows a network pictures, but none of the plan's pictures is a prompt.")


def _check_control(request: RenderRequest, family: Family) -> None:
    use, file, picture = request.plan.control, request.control, request.control_picture
    if use is None:
        if file is not None or picture is not None:
            raise BadPlanError("A ControlNet or its picture was given, but the plan has no use for it.")
        return
    if file is None or file.name != use.name or file.kind != "control":
        raise BadPlanError(f"{use.name} is no ControlNet that was given.")
    if "control" not in family.takes_adapters:
        raise BadPlanError(f"{use.name} is {A_KIND[file.kind]}, which this checkpoint does not take.")
    if picture is None:
        raise BadPlanError(f"The plan is led by {use.name}, but no picture for it was given.")
    if not abs(use.weight) <= MOST_ADAPTER_WEIGHT:
        raise BadPlanError(f"The weight of {use.name} is a number from -2 to 2.")
    if not 0 <= use.start < use.end <= 1:
        raise BadPlanError(f"{use.name} counts from a share of the steps to a later one, both from 0 to 1.")
    if request.plan.seamless:
        raise BadPlanError("A ControlNet leads no picture whose edges meet.")


def _check_placement(repaint: Repaint, placement: Placement, stage: Stage) -> None:
    if not is_inside(placement, stage.width_px, stage.height_px):
        raise BadPlanError("The picture's place must lie inside the canvas.")
    if (placement.width_px, placement.height_px) == (stage.width_px, stage.height_px) and not repaint.masked:
        raise BadPlanError("The picture fills its canvas, so there is nothing around it to paint.")


def _check_mask(request: RenderRequest) -> None:
    mask, source = request.mask, request.sources[0]
    if mask is None:
        raise BadPlanError("The plan paints a part of the picture, but no mask says which.")
    if (mask.width_px, mask.height_px) != (source.width_px, source.height_px):
        raise BadPlanError(
            f"The mask is of {mask.width_px} x {mask.height_px} px, but the picture of "
            f"{source.width_px} x {source.height_px} px."
        )
    if masks.is_empty(mask):
        raise BadPlanError("The mask marks nothing: paint over the part of the picture that is to change.")


def _check_spread(plan: RenderPlan) -> None:
    if not 0 <= plan.chaos <= chaos.MOST:
        raise BadPlanError(f"Chaos is a number from 0 to {chaos.MOST}.")
    if not 0 <= plan.weird <= weird.MOST:
        raise BadPlanError(f"Weird is a number from 0 to {weird.MOST}.")
