"""What a checkpoint cannot do of a prompt: each a sentence at the parameter that asks for it, before any job exists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from generation.contracts import CheckpointCard
from generation.errors import ActionNotPossibleError
from generation.jobs import planning
from generation.jobs.picture_plans import MOST_BLENDED
from generation.jobs.samplers import sampler_refusal, schedule_refusal
from generation.prompts.spec import PromptSpec
from mjweb.common.saying import say

CODE: Final = "not_with_this_model"
MOST_LCM_STEPS: Final = 50


@dataclass(frozen=True, slots=True)
class Refusal:
    """One thing that cannot be done.

    parameter: the name of the parameter that asks for it, without dashes; empty for the words or images.
    """

    parameter: str
    sentence: str
    code: str = CODE


def refusals(spec: PromptSpec, card: CheckpointCard) -> list[Refusal]:
    """Everything that this checkpoint cannot do of a prompt; none where it can do all."""
    return [*_of_numbers(spec, card), *_of_sizes(spec, card), *_of_pictures(spec), *_of_whole_pipelines(spec, card)]


def factor_of(spec: PromptSpec) -> float | None:
    """How much larger the pictures become within the job; None for not at all. What is typed as a number wins."""
    return spec.hires or (planning.UPSCALE_FACTOR if spec.hd else None)


def is_zoomed(spec: PromptSpec) -> bool:
    """Whether a canvas is painted around an image; without an image there is nothing to zoom out of."""
    return spec.zoom is not None and bool(spec.images)


def picture_references(spec: PromptSpec) -> list[str]:
    """The style references that are pictures, and no codes."""
    return [one.ref for one in spec.style_refs if not is_code(one.ref)]


def is_code(reference: str) -> bool:
    """Whether a style reference is a number or the wish for any."""
    return reference == "random" or (reference.isascii() and reference.isdigit())


def _of_numbers(spec: PromptSpec, card: CheckpointCard) -> Iterator[Refusal]:
    if spec.sampler is not None and (sentence := sampler_refusal(card, spec.sampler)):
        yield Refusal("sampler", sentence)
    elif spec.schedule is not None and (sentence := schedule_refusal(spec.sampler or card.sampler, spec.schedule)):
        yield Refusal("schedule", sentence)
    if spec.sampler == "lcm" and planning.planned_length(spec, card) > MOST_LCM_STEPS:
        yield Refusal(
            "sampler", say("LCM takes at most {most} steps, as many as models are distilled on.", most=MOST_LCM_STEPS)
        )
    if spec.guidance is not None and spec.guidance != 1 and card.guidance == 1:
        yield Refusal(
            "guidance", say("{model} was distilled to paint without guidance, so --guidance is 1.", model=card.title)
        )


def _of_sizes(spec: PromptSpec, card: CheckpointCard) -> Iterator[Refusal]:
    if (factor := factor_of(spec)) is None:
        return
    width_px, height_px = planning.picture_size(card, float(spec.aspect.ratio))
    try:
        planning.enlarging_stages(width_px, height_px, card, factor=factor)
    except ActionNotPossibleError:
        longest = round(max(width_px, height_px) * factor)
        yield Refusal(
            "hires" if spec.hires else "hd",
            say(
                "That would be {side} px on the long side; {model} makes at most {most} px.",
                side=longest,
                model=card.title,
                most=card.max_side_px,
            ),
        )


def _of_pictures(spec: PromptSpec) -> Iterator[Refusal]:
    if is_zoomed(spec):
        yield from _of_zoom(spec)
    named = len(spec.images) + len(spec.character_refs) + (spec.object_ref is not None)
    if named > MOST_BLENDED:
        sentence = say(
            "At most {most} pictures go together, references of characters and things included.", most=MOST_BLENDED
        )
        yield Refusal("cref" if spec.character_refs else "", sentence, "too_many_images")
    if len(picture_references(spec)) > MOST_BLENDED:
        yield Refusal(
            "sref", say("A style is taken from at most {most} pictures.", most=MOST_BLENDED), "too_many_images"
        )


def _of_zoom(spec: PromptSpec) -> Iterator[Refusal]:
    if len(spec.images) > 1:
        yield Refusal("zoom", say("--zoom paints around one image, and there are several."), "too_many_images")
    if spec.strength is not None:
        yield Refusal(
            "strength", say("--zoom keeps its image whole, so --strength has nothing to give up."), "exclusive"
        )
    if spec.tile:
        yield Refusal("tile", say("A picture that is zoomed out of keeps its edges, so they cannot meet."), "exclusive")


def _of_whole_pipelines(spec: PromptSpec, card: CheckpointCard) -> Iterator[Refusal]:
    """What takes the engine's own steps, where a pipeline of diffusers takes them."""
    if card.sampler != "own":
        return
    asked = {
        "chaos": spec.chaos,
        "weird": spec.weird,
        "tile": spec.tile,
        "stop": spec.stop != 100,  # noqa: PLR2004 - per cent
        "hires": spec.hires,
        "hd": spec.hd and not spec.hires,
        "zoom": is_zoomed(spec),
        "lora": spec.loras,
        "sref": picture_references(spec),
        "cref": spec.character_refs,
        "oref": spec.object_ref,
    }
    for name in (name for name, is_asked in asked.items() if is_asked):
        yield Refusal(
            name, say("{model} is painted by its own pipeline, which knows no --{name}.", model=card.title, name=name)
        )
    if len(spec.parts) > 1:
        yield Refusal(
            "", say("{model} is painted by its own pipeline, which knows no parts with weights.", model=card.title)
        )
    if len(spec.images) > 1:
        yield Refusal(
            "", say("{model} is painted by its own pipeline, which starts from one image at most.", model=card.title)
        )
