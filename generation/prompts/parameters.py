"""The table of parameters. Parser, canonical form, help page and API schema all read it.

A new parameter is a row here and a field of `PromptSpec`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from generation.prompts.spec import Aspect
from generation.prompts.values import Flag, Kind, ModelName, OneOf, Phrases, Ratio, WholeNumber

MAX_SEED = 2**32 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One row of the table.

    name: without dashes, the one that canonical text uses; aliases: further names.
    field: the field of `PromptSpec` that it sets. Parameters of one field exclude each other.
    default: the field's value when it is not typed.
    sentence: what it does, for the help page; default_text: the default in words.
    example: a value to show; empty for a flag.
    """

    name: str
    aliases: tuple[str, ...] = ()
    field: str
    kind: Kind
    default: Any
    default_text: str
    sentence: str
    example: str = ""

    @property
    def usage(self) -> str:
        """The parameter with its example value: `--ar 3:2`."""
        return f"--{self.name} {self.example}".rstrip()


PARAMETERS: tuple[Parameter, ...] = (
    Parameter(
        name="ar",
        aliases=("aspect",),
        field="aspect",
        kind=Ratio(Aspect(1, 3), Aspect(3, 1)),
        default=Aspect(1, 1),
        default_text="1:1",
        sentence="The shape of the pictures, width to height. Sizes are rounded to what the model can make.",
        example="3:2",
    ),
    Parameter(
        name="no",
        field="negative",
        kind=Phrases(),
        default=(),
        default_text="nothing",
        sentence="Keeps things out of the pictures. Part several with commas.",
        example="people, text",
    ),
    Parameter(
        name="stylize",
        aliases=("s",),
        field="stylize",
        kind=WholeNumber(0, 1000),
        default=100,
        default_text="100",
        sentence="How strongly the pictures are styled. Low keeps close to the words.",
        example="250",
    ),
    Parameter(
        name="quality",
        aliases=("q",),
        field="quality",
        kind=OneOf((0.25, 0.5, 1.0, 2.0)),
        default=1.0,
        default_text="1",
        sentence="How long each picture is worked on. Half the quality takes half the time.",
        example=".5",
    ),
    Parameter(
        name="best",
        field="best",
        kind=WholeNumber(4, 16),
        default=4,
        default_text="4",
        sentence="Paints so many pictures and keeps the four that show the prompt best.",
        example="8",
    ),
    Parameter(
        name="seed",
        field="seed",
        kind=WholeNumber(0, MAX_SEED),
        default=None,
        default_text="a new one each time",
        sentence="The noise that the pictures start from. The same prompt and seed give the same pictures.",
        example="7",
    ),
    Parameter(
        name="model",
        aliases=("m",),
        field="model",
        kind=ModelName(),
        default=None,
        default_text="the one chosen on Create",
        sentence="Which model of this server makes the pictures.",
        example="starter",
    ),
    Parameter(
        name="public",
        field="visibility",
        kind=Flag("public"),
        default=None,
        default_text="as set in your account",
        sentence="Shows the pictures to everybody.",
    ),
    Parameter(
        name="stealth",
        field="visibility",
        kind=Flag("private"),
        default=None,
        default_text="as set in your account",
        sentence="Keeps the pictures to yourself.",
    ),
)

BY_NAME: dict[str, Parameter] = {name: row for row in PARAMETERS for name in (row.name, *row.aliases)}
