"""What each action on a finished picture paints, or the sentence that says why it cannot.

The buttons are one table: pages show it, with what is refused and why, and the services make its rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal, cast

from generation.contracts import CheckpointCard, RenderPlan
from generation.errors import ActionNotPossibleError
from generation.jobs import picture_plans, planning
from generation.jobs.picture_plans import Direction
from generation.jobs.planning import VaryStrength
from generation.models import Image, JobKind
from mjweb.common.saying import say, sayable

UpscaleVariant = Literal["subtle", "creative", "2x", "4x"]
UPSCALES: Final[tuple[UpscaleVariant, ...]] = ("subtle", "creative", "2x", "4x")
ZOOMS: Final = (1.5, 2.0)
DIRECTIONS: Final[tuple[Direction, ...]] = ("left", "right", "up", "down")
AXES: Final = {"left": "sideways", "right": "sideways", "up": "up and down", "down": "up and down"}
SIDEWAYS: Final = sayable("This picture was panned sideways, so it goes on sideways alone.")
UP_AND_DOWN: Final = sayable("This picture was panned up and down, so it goes on up and down alone.")
SUBTLE: Final = 0.6
"""What a subtle upscale takes of the strength that the checkpoint's card says."""
CREATIVE: Final = 1.6
MOST_CREATIVE: Final = 0.75
"""From here on a picture is another one and not a larger one."""
LEAST_STEPS: Final = 2
"""Fewer steps than these draw no detail."""


@dataclass(frozen=True, slots=True)
class Action:
    """One button.

    variant: which of its kind: an `UpscaleVariant`, a `VaryStrength`, a `Direction`, `1.5x`; empty for squares.
    factor: of a zoom, 1 to 2. ratio: width to height of a zoom's canvas; None keeps that of the picture.
    """

    kind: JobKind
    variant: str = ""
    factor: float = 1.0
    ratio: float | None = None


def upscaling(variant: UpscaleVariant) -> Action:
    """This picture larger."""
    return Action(JobKind.UPSCALE, variant)


def varying(strength: VaryStrength) -> Action:
    """Four others that start from it."""
    return Action(JobKind.VARY, strength)


def zooming(factor: float, ratio: float | None = None) -> Action:
    """From further away."""
    return Action(JobKind.ZOOM, f"{factor:.4g}x", factor=factor, ratio=ratio)


def panning(direction: Direction) -> Action:
    """What lies beside it."""
    return Action(JobKind.PAN, direction)


SQUARING: Final = Action(JobKind.SQUARE)
"""What lies around it, until it is square."""
ACTIONS: Final = (
    *map(upscaling, UPSCALES),
    varying("subtle"),
    varying("strong"),
    *map(zooming, ZOOMS),
    *map(panning, DIRECTIONS),
    SQUARING,
)


@dataclass(frozen=True, slots=True)
class Offer:
    """An action on one picture.

    width_px, height_px: what it would make; 0 where it is refused. refusal: why it cannot be had; else empty.
    """

    action: Action
    width_px: int = 0
    height_px: int = 0
    refusal: str = ""


def offers(image: Image) -> list[Offer]:
    """Every action with what it makes of this picture, or why it cannot. The job and its checkpoint are selected."""
    checkpoint = image.job.checkpoint
    if checkpoint.removed_at:
        gone = say("The model {model} was removed from this server.", model=checkpoint.name)
        return [Offer(action, refusal=gone) for action in ACTIONS]
    return list(_offers(image, image.job.plan, checkpoint.card))


def _offers(image: Image, plan: RenderPlan, card: CheckpointCard) -> Iterator[Offer]:
    for action in ACTIONS:
        try:
            made = plan_action(action, image, plan, card)
        except ActionNotPossibleError as error:
            yield Offer(action, refusal=error.sentence)
        else:
            yield Offer(action, made.width_px, made.height_px)


def plan_action(action: Action, image: Image, plan: RenderPlan, card: CheckpointCard) -> RenderPlan:
    """What an action paints.

    plan: of the picture, or of other words at its size. card: of the model that paints.

    Raises:
        ActionNotPossibleError: the picture or the model does not allow it.
    """
    return _PLANS[action.kind](action, image, plan, card)


def _upscale(action: Action, image: Image, plan: RenderPlan, card: CheckpointCard) -> RenderPlan:
    factor = 4 if action.variant == "4x" else planning.UPSCALE_FACTOR
    if card.sampler == "own" and factor > planning.UPSCALE_FACTOR:  # it paints one stage and no more
        return planning.plan_enlargement(plan, card, seed=image.seed, factor=factor)
    return planning.plan_upscale(plan, card, seed=image.seed, factor=factor, strength=_strength(action.variant, card))


def _strength(variant: str, card: CheckpointCard) -> float:
    """How much of the picture is painted anew: never so little that no step is left for it."""
    usual = card.upscale_strength
    if variant == "subtle":
        return round(max(SUBTLE * usual, min(usual, LEAST_STEPS / card.steps)), 3)
    return round(max(usual, min(MOST_CREATIVE, CREATIVE * usual)), 3) if variant == "creative" else usual


def _vary(action: Action, image: Image, plan: RenderPlan, card: CheckpointCard) -> RenderPlan:  # noqa: ARG001 - as the others
    return planning.plan_variation(plan, card, strength=cast("VaryStrength", action.variant))


def _zoom(action: Action, image: Image, plan: RenderPlan, card: CheckpointCard) -> RenderPlan:  # noqa: ARG001
    _refuse_own_pipeline(card)
    return _open_edges(picture_plans.plan_zoom(plan, card, factor=action.factor, ratio=action.ratio))


def _pan(action: Action, image: Image, plan: RenderPlan, card: CheckpointCard) -> RenderPlan:
    _refuse_own_pipeline(card)
    before = image.job.variant if image.job.kind == JobKind.PAN else ""
    if before and AXES[before] != AXES[action.variant]:
        raise ActionNotPossibleError(say(SIDEWAYS if AXES[before] == "sideways" else UP_AND_DOWN))
    return _open_edges(picture_plans.plan_pan(plan, card, direction=cast("Direction", action.variant)))


def _square(action: Action, image: Image, plan: RenderPlan, card: CheckpointCard) -> RenderPlan:  # noqa: ARG001
    _refuse_own_pipeline(card)
    if plan.width_px == plan.height_px:
        raise ActionNotPossibleError(say("This picture is square already."))
    return _open_edges(picture_plans.plan_zoom(plan, card, factor=1, ratio=1))


def _open_edges(plan: RenderPlan) -> RenderPlan:
    """The edges of what is painted around a tile do not meet any more."""
    return replace(plan, seamless=False)


def _refuse_own_pipeline(card: CheckpointCard) -> None:
    if card.sampler == "own":
        raise ActionNotPossibleError(
            say("{model} is painted by its own pipeline, which cannot paint around a picture.", model=card.title)
        )


_PLANS: Final[dict[str, Callable[[Action, Image, RenderPlan, CheckpointCard], RenderPlan]]] = {
    JobKind.UPSCALE: _upscale,
    JobKind.VARY: _vary,
    JobKind.REMIX: _vary,
    JobKind.ZOOM: _zoom,
    JobKind.PAN: _pan,
    JobKind.SQUARE: _square,
}
