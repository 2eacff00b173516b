"""The numbers of an edit: a canvas that the model can paint, the picture's place on it, and the plan of both."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Protocol

from generation.contracts import CheckpointCard, Placement, RenderPlan, Repaint, SourceUse
from generation.errors import ActionNotPossibleError
from generation.jobs.picture_plans import CANVAS_STRENGTH, FEATHER, PAINTED_STRENGTH
from mjweb.common.errors import InvalidInputError
from mjweb.common.saying import say, sayable

LEAST_STRENGTH: Final = 0.05
MOST_FEATHER: Final = 1 / 4
"""Of the canvas's shorter side: a longer edge would leave nothing of what is kept."""
NOTHING_TO_PAINT: Final = sayable("Nothing would change. Paint over a part of the picture, or make the canvas larger.")


class Sized(Protocol):
    """A picture."""

    @property
    def width_px(self) -> int:
        """Width in pixels."""

    @property
    def height_px(self) -> int:
        """Height in pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Canvas:
    """What the new pictures show, and where the old one lies on it, whole and in its own shape.

    width_px, height_px: of the canvas. picture: the old picture's place and size there.
    """

    width_px: int
    height_px: int
    picture: Placement


@dataclass(frozen=True, slots=True)
class Sides:
    """How long a model makes the sides of a canvas: multiples of `multiple_px` up to `most_px`."""

    multiple_px: int
    most_px: int

    @classmethod
    def of(cls, card: CheckpointCard) -> Sides:
        """Those of this model."""
        return cls(card.size_multiple_px, card.max_side_px // card.size_multiple_px * card.size_multiple_px)

    def fits(self, side_px: int) -> bool:
        """Whether a canvas may have such a side."""
        return 0 < side_px <= self.most_px and side_px % self.multiple_px == 0

    def nearest(self, side_px: int) -> int:
        """The next such length that is not shorter, as far as there is one."""
        return min(self.most_px, -(-side_px // self.multiple_px) * self.multiple_px)


def first_canvas(picture: Sized, card: CheckpointCard) -> Canvas:
    """What an edit begins with: the picture alone, on the smallest canvas that the model can paint and it fits on."""
    sides = Sides.of(card)
    width_px, height_px = sides.nearest(picture.width_px), sides.nearest(picture.height_px)
    share = min(1, width_px / picture.width_px, height_px / picture.height_px)
    inside = max(1, int(picture.width_px * share)), max(1, int(picture.height_px * share))
    placement = Placement(
        left_px=(width_px - inside[0]) // 2,
        top_px=(height_px - inside[1]) // 2,
        width_px=inside[0],
        height_px=inside[1],
    )
    return Canvas(width_px=width_px, height_px=height_px, picture=placement)


def refuse_canvas(canvas: Canvas, picture: Sized, card: CheckpointCard) -> None:
    """Refuses a canvas that the model cannot paint, or on which the picture does not lie whole and in its shape.

    Raises:
        ActionNotPossibleError: the model makes no such size.
        InvalidInputError: the picture's place is none.
    """
    sides, place = Sides.of(card), canvas.picture
    if not (sides.fits(canvas.width_px) and sides.fits(canvas.height_px)):
        raise ActionNotPossibleError(
            say(
                "{model} makes sides of {step} to {most} px in steps of {step}, "
                "and this canvas is of {width} x {height} px.",
                model=card.title,
                step=sides.multiple_px,
                most=sides.most_px,
                width=canvas.width_px,
                height=canvas.height_px,
            ),
            max_side_px=sides.most_px,
            multiple_px=sides.multiple_px,
        )
    across = 0 <= place.left_px < place.left_px + place.width_px <= canvas.width_px
    if not (across and 0 <= place.top_px < place.top_px + place.height_px <= canvas.height_px):
        raise InvalidInputError(say("The picture must lie on the canvas as a whole."), parameter="canvas")
    high = place.width_px * picture.height_px / picture.width_px
    wide = place.height_px * picture.width_px / picture.height_px
    if abs(high - place.height_px) > 1 and abs(wide - place.width_px) > 1:
        raise InvalidInputError(say("The picture keeps its shape on the canvas."), parameter="canvas")


def plan_edit(
    plan: RenderPlan,
    canvas: Canvas,
    *,
    is_masked: bool,
    is_placed: bool,
    feather_px: int | None = None,
    strength: float | None = None,
) -> RenderPlan:
    """The plan of a prompt, painted into a part of a picture, around it, or both.

    plan: what the words mean, pictures and styles that they name included.
    is_masked, is_placed: whether a mask says what is painted, and whether all around the picture is.
    feather_px: how far what is painted runs out over what is kept; None for a share of the canvas.
    strength: how much is given up of what was there; None for as much as is usual.

    Raises:
        ActionNotPossibleError: nothing would be painted.
        InvalidInputError: a number is out of range.
    """
    fills = (canvas.picture.width_px, canvas.picture.height_px) == (canvas.width_px, canvas.height_px)
    if not is_masked and (fills or not is_placed):
        raise ActionNotPossibleError(say(NOTHING_TO_PAINT))
    repaint = Repaint(
        feather_px=_feather_px(canvas, feather_px, is_placed=is_placed),
        placement=canvas.picture if is_placed else None,
        masked=is_masked and is_placed,
    )
    usual = CANVAS_STRENGTH if is_placed else PAINTED_STRENGTH
    first = replace(
        plan.stages[0],
        width_px=canvas.width_px,
        height_px=canvas.height_px,
        strength=_strength(usual if strength is None else strength),
    )
    further = tuple(replace(use, start=0.0) for use in plan.sources)
    sources = (SourceUse(start=1.0), *further) if further else ()
    seamless = plan.seamless and not is_placed
    return replace(plan, stages=(first,), sources=sources, repaint=repaint, seamless=seamless)


def most_feather_px(canvas: Canvas) -> int:
    """The longest feather on this canvas."""
    return int(min(canvas.width_px, canvas.height_px) * MOST_FEATHER)


def usual_feather_px(canvas: Canvas, *, is_placed: bool) -> int:
    """The feather of an edit that says none: a new canvas needs a longer one than a mask."""
    feather_px = round(min(canvas.width_px, canvas.height_px) * FEATHER)
    return feather_px if is_placed else feather_px // 2


def _feather_px(canvas: Canvas, feather_px: int | None, *, is_placed: bool) -> int:
    if feather_px is None:
        return usual_feather_px(canvas, is_placed=is_placed)
    most = most_feather_px(canvas)
    if not 0 <= feather_px <= most:
        raise InvalidInputError(
            say("The feather on this canvas goes from 0 to {most} px.", most=most), parameter="feather"
        )
    return feather_px


def _strength(strength: float) -> float:
    if not LEAST_STRENGTH <= strength <= 1:
        raise InvalidInputError(
            say("The strength of an edit goes from {least} to 1.", least=f"{LEAST_STRENGTH:g}"), parameter="strength"
        )
    return strength
