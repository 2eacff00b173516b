"""The buttons of a picture's page, in rows: what each is called, what it makes, and why it cannot be had."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from generation.jobs.action_plans import Action, Offer
from generation.models import Image, JobKind
from mjweb.common.saying import say, sayable

TIMES: Final = "×"  # noqa: RUF001 - the sign for sizes
LABELS: Final = {
    "subtle": sayable("Subtle"),
    "creative": sayable("Creative"),
    "strong": sayable("Strong"),
    "2x": f"2{TIMES}",
    "4x": f"4{TIMES}",
    "1.5x": f"1.5{TIMES}",
}
SAYINGS: Final = {
    (JobKind.UPSCALE, "subtle"): sayable("Stays close to the picture."),
    (JobKind.UPSCALE, "creative"): sayable("Paints new detail."),
    (JobKind.UPSCALE, "2x"): sayable("Sharpens what is there."),
    (JobKind.UPSCALE, "4x"): sayable("Sharpens what is there, twice."),
    (JobKind.VARY, "subtle"): sayable("Four others that keep most of it."),
    (JobKind.VARY, "strong"): sayable("Four others that keep its layout."),
}


@dataclass(frozen=True, slots=True)
class Button:
    """One press.

    value: of the row's field. label: what it says; empty where `icon` says it. name: for screen readers.
    title: what it makes, or why it cannot be had. made: the picture that it made before.
    """

    value: str
    label: str
    name: str
    title: str
    icon: str = ""
    refusal: str = ""
    made: Image | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """Buttons of one kind.

    address: the name of their address. field: what it takes the button's value as; empty where it takes none.
    """

    name: str
    icon: str
    address: str
    field: str
    buttons: tuple[Button, ...]

    @property
    def reasons(self) -> list[str]:
        """Why some of them cannot be had, each sentence once."""
        return list(dict.fromkeys(button.refusal for button in self.buttons if button.refusal))

    @property
    def is_refused(self) -> bool:
        """Whether none of them can be had."""
        return all(button.refusal for button in self.buttons)


PANS: Final = {
    "left": sayable("Pan left"),
    "right": sayable("Pan right"),
    "up": sayable("Pan up"),
    "down": sayable("Pan down"),
}
ROWS: Final = (
    (JobKind.UPSCALE, sayable("Upscale"), "upscale", "image-upscale", "variant"),
    (JobKind.VARY, sayable("Vary"), "vary", "image-vary", "strength"),
    (JobKind.ZOOM, sayable("Zoom out"), "zoom-out", "image-zoom", "factor"),
    (JobKind.PAN, sayable("Pan"), "crop", "image-pan", "direction"),
    (JobKind.SQUARE, sayable("Make square"), "square", "image-square", ""),
)


def rows(offered: Iterable[Offer], made: Mapping[str, Image]) -> dict[str, Row]:
    """The rows by their kind.

    made: the upscales of the picture that the person who asks has, by variant.
    """
    of_kind: dict[str, list[Button]] = {}
    for offer in offered:
        of_kind.setdefault(offer.action.kind, []).append(_button(offer, made))
    return {
        kind: Row(say(name), icon, address, field, tuple(of_kind[kind])) for kind, name, icon, address, field in ROWS
    }


def _button(offer: Offer, made: Mapping[str, Image]) -> Button:
    action = offer.action
    label = say(LABELS.get(action.variant, ""))
    size = f"{offer.width_px} {TIMES} {offer.height_px} px"
    saying = say(SAYINGS.get((JobKind(action.kind), action.variant), ""))
    return Button(
        value=f"{action.factor:g}" if action.kind == JobKind.ZOOM else action.variant,
        label=label,
        name=_name(action, label),
        title=offer.refusal or f"{size}. {saying}".strip(". "),
        icon=_icon(action),
        refusal=offer.refusal,
        made=made.get(action.variant) if action.kind == JobKind.UPSCALE else None,
    )


def _name(action: Action, label: str) -> str:
    if action.kind == JobKind.PAN:
        return say(PANS[action.variant])
    return label or say("Make square")


def _icon(action: Action) -> str:
    if action.kind == JobKind.PAN:
        return f"pan-{action.variant}"
    return "square" if action.kind == JobKind.SQUARE else ""
