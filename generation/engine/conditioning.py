"""What the networks are told of a picture: its texts, what its image prompts show, and how much each counts."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

import torch

from generation.contracts import Network, PromptPart, Raster, RenderPlan, RenderRequest
from generation.engine.adapters.worn import image_prompts_of, only, outfit_of
from generation.engine.chaos import spread_conditioning
from generation.engine.checks import BadPlanError
from generation.engine.families.base import Conditioning, Family, TextTooLongError
from generation.engine.sampling.guidance import Guidance
from generation.engine.weird import weirder


@dataclass(frozen=True, slots=True)
class Shown:
    """What the image prompts of a request show together.

    told: one row for each network that is used.
    weight: beside the prompt's parts, whose weights sum to 1; above 0.
    """

    told: Mapping[Network, Conditioning]
    weight: float


def show(request: RenderRequest, family: Family) -> Shown | None:
    """What the image prompts say; None without any, where an IP-Adapter shows them, or the checkpoint cannot look."""
    weights, pictures = _prompts(request)
    if not pictures or image_prompts_of(request):
        return None
    told = {network: family.describe(pictures, weights, network) for network in _networks(request.plan, family)}
    known = {network: row for network, row in told.items() if row is not None}
    return Shown(known, sum(weights)) if len(known) == len(told) else None


def tokens_of(request: RenderRequest, family: Family) -> torch.Tensor | None:
    """What follows the texts of the base network where an IP-Adapter shows it the image prompts, as `Family.shown`.

    A picture counts by its share in the prompt: `w / (words + the sum of all w)`, `words` being 1, or 0 where nothing
    is said; all of it times the weight of the adapter.

    Raises:
        AdapterInvalidError: The adapter cannot be read, or was made for another checkpoint.
    """
    if not image_prompts_of(request):
        return None
    outfit, (weights, pictures) = outfit_of(request), _prompts(request)
    total = sum(weights) + any(part.text.strip() for part in request.plan.parts)
    strength = only("image_prompt", outfit)[0].weight
    return family.shown(outfit, pictures, [strength * weight / total for weight in weights])


def wearing(request: RenderRequest, family: Family) -> AbstractContextManager[None]:
    """Inside, texts are encoded with the request's adapters.

    Raises:
        AdapterInvalidError: One of them cannot be read, or was made for another checkpoint.
    """
    outfit = outfit_of(request)
    return family.texts_wearing(outfit) if outfit else nullcontext()


def guidance_of(plan: RenderPlan, family: Family, shown: Shown | None) -> Guidance:
    """How much each text and what is shown count, and when.

    Raises:
        BadPlanError: What pushes away weighs more than the rest.
    """
    return Guidance(
        part_weights=_part_weights(plan, shown),
        scale=1.0 if family.embeds_guidance else plan.guidance,
        trained_timesteps=len(family.schedule.sigmas),
        interval=plan.guidance_interval,
        rescale=plan.guidance_rescale,
    )


def conditionings_of(
    plan: RenderPlan, guidance: Guidance, family: Family, shown: Shown | None
) -> dict[Network, Conditioning]:
    """What the network of each stage is told: the negative prompt first, unless guidance is 1, the parts, the pictures.

    Raises:
        BadPlanError: A text is longer than the checkpoint reads.
    """
    try:
        return {network: _conditioning(plan, guidance, family, network, shown) for network in _networks(plan, family)}
    except TextTooLongError as error:
        raise BadPlanError(str(error)) from error


def conditionings_of_seed(
    told: Mapping[Network, Conditioning],
    guidance: Guidance,
    plan: RenderPlan,
    seed: int,
    tokens: torch.Tensor | None = None,
) -> Mapping[Network, Conditioning]:
    """What the networks are told for one picture of the grid: texts, led away as far as the plan says, and pictures.

    tokens: as `tokens_of` gave them.
    """
    spared = int(guidance.needs_unconditional)
    own = {}
    for network, rows in told.items():
        weird = weirder(rows, plan.weird, seed, spared=spared)
        own[network] = spread_conditioning(weird, plan.chaos, seed, spared=spared)
    if tokens is not None and "base" in own:
        each = [0] * spared + [1] * (len(own["base"]) - spared)
        own["base"] = own["base"].followed_by(tokens[each])
    return own


def _prompts(request: RenderRequest) -> tuple[list[float], list[Raster]]:
    """The sources that are a prompt: how much each counts, and the picture."""
    uses = zip(request.plan.source_uses, request.sources, strict=True)
    prompts = [(use.prompt, source) for use, source in uses if use.prompt]
    return [weight for weight, _ in prompts], [source for _, source in prompts]


def _networks(plan: RenderPlan, family: Family) -> list[Network]:
    return list(dict.fromkeys(family.network(stage.network) for stage in plan.stages))


def _parts(plan: RenderPlan, shown: Shown | None) -> tuple[PromptPart, ...]:
    """The parts that say something; beside pictures an empty one says nothing."""
    return plan.parts if shown is None else tuple(part for part in plan.parts if part.text.strip())


def _part_weights(plan: RenderPlan, shown: Shown | None) -> tuple[float, ...]:
    """As they are; beside pictures they sum to 1, and what is shown has its weight after them."""
    if shown is None:
        return tuple(part.weight for part in plan.parts)
    total = sum(part.weight for part in plan.parts)
    weights = (*(part.weight / total for part in _parts(plan, shown)), shown.weight)
    if sum(weights) <= 0:
        raise BadPlanError("The weights of the prompt's parts and pictures must add up to more than 0.")
    return weights


def _conditioning(
    plan: RenderPlan, guidance: Guidance, family: Family, network: Network, shown: Shown | None
) -> Conditioning:
    """The texts as one network knows them, filled up to one length with the empty text, an empty one with itself."""
    empty = family.encode_text("", network)
    told = [family.encode_text(part.text, network, guidance=plan.guidance) for part in _parts(plan, shown)]
    told += [] if shown is None else [shown.told[network]]
    fillers = [empty] * len(told)
    if guidance.needs_unconditional:
        negative = family.encode_text(plan.negative_prompt, network, is_negative=True)
        told, fillers = [negative, *told], [empty if plan.negative_prompt else negative, *fillers]
    tokens = max(text.tokens for text in told)
    return Conditioning.join([text.filled_up(tokens, filler) for text, filler in zip(told, fillers, strict=True)])
