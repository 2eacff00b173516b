"""Parameters about images: those that stand first, and those that show whom or what to keep."""

from __future__ import annotations

from typing import Final

from generation.prompts.quantities import Number, WholeNumber
from generation.prompts.references import Reference, References
from generation.prompts.table.row import Parameter

_PICTURE: Final = "https://example.com/fox.png"

IMAGES: Final = (
    Parameter(
        name="iw",
        group="images",
        field="image_weight",
        kind=Number(0, 3),
        default=1.0,
        default_text="1",
        sentence="How much the images that stand first count beside the words.",
        example="1.5",
        needs=("images",),
        versions="3, 5 and later",
    ),
    Parameter(
        name="strength",
        group="images",
        field="strength",
        kind=Number(0.01, 0.99),
        default=None,
        default_text="the images are looked at and not painted over",
        sentence="Starts from the first image and gives up so much of it: .3 keeps most, .8 keeps little.",
        example=".6",
        needs=("images",),
    ),
    Parameter(
        name="cref",
        group="images",
        field="character_refs",
        kind=References(),
        default=(),
        default_text="nobody",
        sentence="Pictures of somebody who shall be in the new ones.",
        example=_PICTURE,
        versions="6, niji 6",
    ),
    Parameter(
        name="cw",
        group="images",
        field="character_weight",
        kind=WholeNumber(0, 100),
        default=100,
        default_text="100",
        sentence="How much of the character is kept: 100 with hair and clothes, 0 the face alone.",
        example="40",
        needs=("cref",),
        versions="6, niji 6",
    ),
    Parameter(
        name="oref",
        group="images",
        field="object_ref",
        kind=Reference(),
        default=None,
        default_text="nothing",
        sentence="One picture of a thing that shall be in the new ones. It takes words beside it.",
        example=_PICTURE,
        needs_words=True,
        versions="7",
    ),
    Parameter(
        name="ow",
        group="images",
        field="object_weight",
        kind=WholeNumber(1, 1000),
        default=100,
        default_text="100",
        sentence="How much the thing of --oref counts. Above 400 the words lose.",
        example="200",
        needs=("oref",),
        versions="7",
    ),
)
