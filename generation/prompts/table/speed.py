"""Parameters that trade time for quality."""

from __future__ import annotations

from typing import Final

from generation.prompts.quantities import OneOf, WholeNumber
from generation.prompts.table.row import Parameter
from generation.prompts.values import Flag
from mjweb.common.saying import sayable

_THREE: Final = sayable("{name} 3 is read as 4, as Midjourney does.")
_LANE: Final = "as set in your account"

SPEED: Final = (
    Parameter(
        name="quality",
        aliases=("q",),
        group="speed",
        field="quality",
        kind=OneOf((0.25, 0.5, 1.0, 2.0, 4.0), taken_as=((3.0, 4.0, _THREE),)),
        default=1.0,
        default_text="1",
        sentence="How long each picture is worked on. Half the quality takes half the time.",
        example=".5",
        conflicts=("draft",),
        versions="3 to 7",
    ),
    Parameter(
        name="draft",
        group="speed",
        field="draft",
        kind=Flag(),
        default=False,
        default_text="off",
        sentence="Quick and rough, to look for a prompt.",
        versions="7, 8.1",
    ),
    Parameter(
        name="stop",
        group="speed",
        field="stop",
        kind=WholeNumber(10, 100),
        default=100,
        default_text="100",
        sentence="Ends after so much of the way, in percent: softer and less finished.",
        example="80",
        versions="1 to 6",
    ),
    Parameter(
        name="fast",
        group="speed",
        field="speed",
        kind=Flag("fast"),
        default=None,
        default_text=_LANE,
        sentence="Waits in the fast lane.",
        versions="all",
    ),
    Parameter(
        name="relax",
        group="speed",
        field="speed",
        kind=Flag("relax"),
        default=None,
        default_text=_LANE,
        sentence="Waits until nobody is in a hurry.",
        versions="all",
    ),
    Parameter(
        name="turbo",
        group="speed",
        field="speed",
        kind=Flag("turbo"),
        default=None,
        default_text=_LANE,
        sentence="Midjourney's lane of faster machines.",
        versions="to 7",
        effect="noted",
        reason="There are no faster machines here, so --turbo is --fast.",
    ),
)
