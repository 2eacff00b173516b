"""Parameters of the look: how much style, whose, and how far the pictures may stray."""

from __future__ import annotations

from typing import Final

from generation.prompts.choices import Profiles, choice
from generation.prompts.quantities import WholeNumber
from generation.prompts.references import StyleReferences
from generation.prompts.styles import PRESETS
from generation.prompts.table.row import Parameter
from generation.prompts.values import Flag
from mjweb.common.saying import sayable

RAW: Final = "raw"
"""The older form of a parameter of its own, which `--style raw` sets instead of a style."""
_STYLES: Final = {name: preset.title for name, preset in PRESETS.items()}

STYLE: Final = (
    Parameter(
        name="stylize",
        aliases=("s",),
        group="style",
        field="stylize",
        kind=WholeNumber(0, 1000),
        default=100,
        default_text="100",
        sentence="How strongly the pictures are styled. Low keeps close to the words.",
        example="250",
        needs_words=True,
        versions="2 and later",
    ),
    Parameter(
        name="style",
        group="style",
        field="style",
        kind=choice({**_STYLES, RAW: RAW}, sayable("a style"), example="watercolor"),
        default=None,
        default_text="none",
        sentence="One of the styles of this server, which puts its words around yours.",
        example="watercolor",
        versions="4 to 6, with names of its own",
    ),
    Parameter(
        name="raw",
        group="style",
        field="raw",
        kind=Flag(),
        default=False,
        default_text="off",
        sentence="Nothing of the house's own taste: the words alone.",
        versions="5.1 and later",
    ),
    Parameter(
        name="sref",
        group="style",
        field="style_refs",
        kind=StyleReferences(),
        default=(),
        default_text="none",
        sentence="Takes the look from pictures, from a code, or from a random one. Weights as in A::2 B.",
        example="1234",
        versions="6 and later",
    ),
    Parameter(
        name="sw",
        group="style",
        field="style_weight",
        kind=WholeNumber(0, 1000),
        default=100,
        default_text="100",
        sentence="How strongly --sref counts.",
        example="300",
        needs=("sref",),
        versions="6 and later",
    ),
    Parameter(
        name="sv",
        group="style",
        field="style_version",
        kind=WholeNumber(1, 6),
        default=None,
        default_text="none",
        sentence="Which of Midjourney's ways to read style references.",
        example="6",
        versions="6 and 7",
        effect="noted",
        reason="There is one way to read style references here, so --sv changes nothing.",
    ),
    Parameter(
        name="chaos",
        aliases=("c",),
        group="style",
        field="chaos",
        kind=WholeNumber(0, 100),
        default=0,
        default_text="0",
        sentence="How far the pictures of a grid are apart from each other.",
        example="30",
        versions="all",
    ),
    Parameter(
        name="weird",
        aliases=("w",),
        group="style",
        field="weird",
        kind=WholeNumber(0, 3000),
        default=0,
        default_text="0",
        sentence="Leads the words away from what they mean.",
        example="500",
        needs_words=True,
        versions="5 and later",
    ),
    Parameter(
        name="exp",
        group="style",
        field="exp",
        kind=WholeNumber(0, 100),
        default=0,
        default_text="0",
        sentence="More detail and contrast. Above 25 it competes with --stylize.",
        example="10",
        versions="7, 8.1",
    ),
    Parameter(
        name="p",
        aliases=("profile",),
        group="style",
        field="profile",
        kind=Profiles(),
        default=None,
        default_text="off",
        sentence="Midjourney's taste profiles, by their ids.",
        bare=(),
        versions="6 and later",
        effect="noted",
        reason="There are no taste profiles here, so --p changes nothing.",
    ),
)
