"""Parameters that say what kind of picture, how large and how many."""

from __future__ import annotations

from typing import Final

from generation.prompts.quantities import Number, OneOf, Ratio, WholeNumber
from generation.prompts.spec import Aspect
from generation.prompts.table.row import Parameter
from generation.prompts.values import Flag

PICTURE: Final = (
    Parameter(
        name="ar",
        aliases=("aspect",),
        group="picture",
        field="aspect",
        kind=Ratio(Aspect(1, 14), Aspect(14, 1)),
        default=Aspect(1, 1),
        default_text="1:1",
        sentence="The shape of the pictures, width to height. Sizes are rounded to what the model can make.",
        example="3:2",
        versions="all",
    ),
    Parameter(
        name="tile",
        group="picture",
        field="tile",
        kind=Flag(),
        default=False,
        default_text="off",
        sentence="The edges meet, so that the picture repeats without a seam.",
        versions="1 to 3, 5 and later",
    ),
    Parameter(
        name="zoom",
        group="picture",
        field="zoom",
        kind=Number(1, 2),
        default=None,
        default_text="off",
        sentence="Puts a larger canvas around the first image. 1 with another --ar changes its shape alone.",
        example="1.5",
        needs=("images",),
        versions="5 and later",
    ),
    Parameter(
        name="hd",
        group="picture",
        field="hd",
        kind=Flag(),
        default=False,
        default_text="off",
        sentence="Pictures of twice the size, in the same job.",
        conflicts=("hires",),
        versions="8.1 and later",
    ),
    Parameter(
        name="sd",
        group="picture",
        field="hd",
        kind=Flag(value=False),
        default=False,
        default_text="on",
        sentence="Pictures of the model's own size, where your account says otherwise.",
        conflicts=("hires",),
        versions="8.1 and later",
    ),
    Parameter(
        name="hires",
        group="picture",
        field="hires",
        kind=OneOf((1.5, 2.0, 4.0)),
        default=None,
        default_text="off",
        sentence="Enlarges the pictures so many times in the same job, and paints the detail that is missing.",
        example="2",
    ),
    Parameter(
        name="best",
        group="picture",
        field="best",
        kind=WholeNumber(4, 16),
        default=4,
        default_text="4",
        sentence="Paints so many pictures and keeps the four that show the prompt best.",
        example="8",
    ),
    Parameter(
        name="repeat",
        aliases=("r",),
        group="picture",
        field="repeat",
        kind=WholeNumber(1, 40),
        default=1,
        default_text="1",
        sentence="Runs the prompt so many times, each time with another seed.",
        example="3",
        conflicts=("relax",),
        versions="all",
    ),
)
