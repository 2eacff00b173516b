"""What a prompt means to a checkpoint: the one mapping from parameters to the numbers of a plan.

| parameter | number |
| --- | --- |
| `--ar` | width and height of about the checkpoint's native area |
| `--stylize` | guidance x 0.6 (0), 1 (100), 1.75 (1000); how many words of the house, or a preset's share |
| `--raw` | no words of the house |
| `--style` | the preset's words around every part, what it keeps out added to `--no` |
| `--exp` | guidance x (1 + exp / 100), with 0.7 x exp / 100 of the gain in contrast taken back |
| `--guidance` | guidance, in the place of what `--stylize` and `--exp` make of the card's |
| `--quality`, `--draft` | the card's steps x quality, halved by a draft; `--steps` in their place |
| `--stop` | the share of the steps of the first stage after which it ends |
| `--chaos`, `--weird` | as the plan's |
| `--tile` | edges that meet |
| `--hd`, `--hires` | a second stage of twice the size, or of the factor |
| `--seed`, `--best` | the seeds, and how many of their pictures are kept |
| `--sameseed` | one seed, and one picture: several of one noise would be the same to the bit |
| images, `--iw` | each picture weighs `iw` beside all words, and the run starts from them at 0.95 - 0.1 x iw |
| `--strength` | that strength instead |
| `--cref --cw`, `--oref --ow` | image prompts that weigh 0.25 + 0.75 x cw / 100, and ow / 100 (3 at most) |
| images alone | a blend, at 0.8 |
| any of these, with an IP-Adapter | it shows them to the network instead, from noise on (`picture_plans.shown_by`) |
| `--zoom` | a canvas around the only image |
| `--sref` picture, `--sw` | colors and contrasts led to the picture's by sqrt(sw / 400) |
| `--sref` code or `random` | the words of two presets that the code draws, at a share of sw / 100 |
| `--sampler`, `--schedule` | as the plan's |
| `--relax` | the relaxed lane |

What a checkpoint cannot do is refused by `limits`; what changes nothing is said by `notes`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from generation.contracts import CheckpointCard, RenderPlan, SourceUse, Stage
from generation.jobs import picture_plans, planning, words
from generation.jobs.limits import factor_of, is_code, is_zoomed, picture_references
from generation.models import Lane, SourceRole
from generation.prompts.spec import PromptSpec
from generation.prompts.weights import MAX_PARTS

FACE: Final = 0.25
"""What a character reference weighs at `--cw 0`, which means the face alone and not nothing."""
ANY_RATIO: Final = 1.5
WHOLE_PICTURE_PX: Final = 1024
"""Of a picture that is zoomed out of only the shape counts."""


@dataclass(frozen=True, slots=True)
class Named:
    """A picture that a prompt names, in its words."""

    reference: str
    role: SourceRole


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What is painted.

    pictures: one for each of the plan's `source_uses`, in order.
    codes: what the style references that are codes came to be, in order, `random` included.
    """

    plan: RenderPlan
    pictures: tuple[Named, ...]
    codes: tuple[int, ...]
    lane: Lane


def mean(spec: PromptSpec, card: CheckpointCard, *, ratio: float | None = None) -> Meaning:
    """What a checkpoint makes of a prompt that `limits` does not refuse; whoever knows the registry adds adapters.

    ratio: width to height of the image that `--zoom` paints around; while nobody knows it, any other than is asked for.

    Raises:
        ActionNotPossibleError: the image has the shape already that a zoom would give it, or would become too large.
    """
    plan, codes = _in_words(planning.plan_prompt(spec, card), spec, card)
    plan, pictures = _from_pictures(plan, spec, card, ratio or (ANY_RATIO if spec.aspect.ratio == 1 else 1.0))
    plan, styles = _in_style(plan, spec)
    if (factor := factor_of(spec)) is not None:
        plan = planning.plan_hires(plan, card, factor=factor)
    lane = Lane.RELAXED if spec.speed == "relax" else Lane.FAST
    return Meaning(plan=plan, pictures=(*pictures, *styles), codes=codes, lane=lane)


def style_share(spec: PromptSpec) -> float:
    """How much the words of a preset or code count beside the bare ones, 0 to 1."""
    weight = spec.style_weight if _codes(spec) else spec.stylize
    return min(1.0, weight / words.PLAIN)


def _in_words(plan: RenderPlan, spec: PromptSpec, card: CheckpointCard) -> tuple[RenderPlan, tuple[int, ...]]:
    """The plan in the words of its styles, and the numbers of the codes among these."""
    if not spec.parts:
        return plan, ()
    chosen = words.preset_dress(spec.style) if spec.style else None
    if codes := _codes(spec):
        inner = chosen or words.Dress()
        dresses = [words.code_dress(code, card.vocabulary, weight=weight).over(inner) for code, weight in codes]
    elif chosen is not None:
        dresses = [chosen]
    else:
        return _of_the_house(plan, spec, card), ()
    share = style_share(spec)
    avoided = dict.fromkeys([*spec.negative, *(word for one in dresses for word in one.negative if share)])
    parts = words.dressed(plan.parts, dresses, share, most=1 if card.sampler == "own" else MAX_PARTS)
    return replace(plan, parts=parts, negative_prompt=", ".join(avoided)), tuple(code for code, _ in codes)


def _of_the_house(plan: RenderPlan, spec: PromptSpec, card: CheckpointCard) -> RenderPlan:
    """The words of the house, for a model of many words that was not told to leave them."""
    if spec.raw or card.vocabulary is not None:
        return plan
    return replace(plan, parts=words.dressed(plan.parts, [words.house_dress(spec.stylize)], 1.0))


def _codes(spec: PromptSpec) -> list[tuple[int, float]]:
    """The style references that are codes, each with its weight; any code is drawn now."""
    named = [one for one in spec.style_refs if is_code(one.ref)] if spec.style_weight else []
    return [(words.any_code() if one.ref == "random" else int(one.ref), one.weight) for one in named]


def _from_pictures(
    plan: RenderPlan, spec: PromptSpec, card: CheckpointCard, ratio: float
) -> tuple[RenderPlan, list[Named]]:
    """The plan with what it starts from, and the pictures that this takes."""
    images = [Named(reference, SourceRole.IMAGE) for reference in spec.images]
    if is_zoomed(spec):
        return _zoomed(plan, spec, card, ratio), [Named(spec.images[0], SourceRole.START)]
    if card.sampler == "own":
        return (_started(plan, spec), images) if images and spec.image_weight else (plan, [])
    weighed = [(one, weight) for one, weight in _weighed(spec, images) if weight]
    if not spec.parts:
        count = len(images)
        plan = picture_plans.plan_blend(plan, [1.0] * count)
        further = tuple(SourceUse(prompt=weight) for _, weight in weighed[count:])
        plan = replace(plan, sources=(*plan.sources, *further))
        weighed = [*((one, 1.0) for one in images), *weighed[count:]]
    else:
        plan = picture_plans.with_image_prompts(plan, [weight for _, weight in weighed])
    if spec.strength is not None and any(one in images for one, _ in weighed):
        plan = picture_plans.plan_from_picture(plan, strength=spec.strength)
    return plan, [one for one, _ in weighed]


def _weighed(spec: PromptSpec, images: Sequence[Named]) -> list[tuple[Named, float]]:
    """Every image prompt and what it weighs: images, characters, the object."""
    face = FACE + (1 - FACE) * spec.character_weight / 100
    thing = min(picture_plans.LARGEST_IMAGE_WEIGHT, spec.object_weight / 100)
    return [
        *((one, spec.image_weight) for one in images),
        *((Named(reference, SourceRole.CHARACTER), face) for reference in spec.character_refs),
        *((Named(reference, SourceRole.OBJECT), thing) for reference in filter(None, [spec.object_ref])),
    ]


def _started(plan: RenderPlan, spec: PromptSpec) -> RenderPlan:
    """The plan of a pipeline that is run whole, which knows its image as a start and in no other way."""
    strength = spec.strength or picture_plans.start_strength([spec.image_weight])
    return picture_plans.plan_from_picture(plan, strength=strength)


def _zoomed(plan: RenderPlan, spec: PromptSpec, card: CheckpointCard, ratio: float) -> RenderPlan:
    """The plan with a canvas around the picture, and with everything else that the prompt says."""
    first = plan.stages[0]
    picture = Stage(width_px=round(WHOLE_PICTURE_PX * ratio), height_px=WHOLE_PICTURE_PX, steps=first.steps)
    shape = float(spec.aspect.ratio) if "ar" in spec.given else None
    zoomed = picture_plans.plan_zoom(replace(plan, stages=(picture,)), card, factor=spec.zoom or 1, ratio=shape)
    stage = replace(zoomed.stages[0], steps=first.steps, stop=first.stop)
    return replace(plan, stages=(stage,), repaint=zoomed.repaint)


def _in_style(plan: RenderPlan, spec: PromptSpec) -> tuple[RenderPlan, list[Named]]:
    """The plan in the style of pictures, and these pictures."""
    named = [one for one in spec.style_refs if not is_code(one.ref)] if spec.style_weight else []
    if not named:
        return plan, []
    heaviest = max(one.weight for one in named)
    plan = picture_plans.with_style(plan, [spec.style_weight * one.weight / heaviest for one in named])
    return plan, [Named(reference, SourceRole.STYLE) for reference in picture_references(spec)]
