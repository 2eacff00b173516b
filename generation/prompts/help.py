"""The rows of the help page, straight from the table that the parser reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from generation.prompts.parameters import CONFLICTS, GROUPS, PARAMETERS, Parameter
from generation.prompts.table.row import ALL, OURS
from generation.prompts.values import ModelName
from mjweb.common.saying import say

_IMAGES = "images"
_IMAGE = "https://example.com/fox.png "


@dataclass(frozen=True, slots=True)
class HelpRow:
    """One parameter as the help page shows it.

    name: with dashes; aliases: with dashes; allowed: the values it takes, empty for a flag.
    default: what happens without it, in words; example: a whole prompt that can be run.
    shelf: those that it stands among, for addresses; group: their title.
    reason: why it changes nothing here, or less than elsewhere; else empty.
    excludes: those that it cannot be combined with, with dashes.
    versions: which of Midjourney's know it, as text; `all`, or empty where it is of this product alone.
    """

    name: str
    aliases: tuple[str, ...]
    what: str
    allowed: str
    default: str
    example: str
    shelf: str
    group: str
    reason: str
    excludes: tuple[str, ...]
    versions: str


def help_rows(models: Sequence[str] = ()) -> tuple[HelpRow, ...]:
    """Every parameter of the language, in the table's order.

    models: the names of models that there are, for the parameter that takes one.
    """
    return tuple(_row(_among(parameter, models)) for parameter in PARAMETERS)


def _among(parameter: Parameter, models: Sequence[str]) -> Parameter:
    if not models or not isinstance(parameter.kind, ModelName):
        return parameter
    return replace(parameter, kind=ModelName(tuple(models)), example=models[-1])


def _row(parameter: Parameter) -> HelpRow:
    return HelpRow(
        name=f"--{parameter.name}",
        aliases=tuple(f"--{alias}" for alias in parameter.aliases),
        what=parameter.shown_sentence,
        allowed=parameter.kind.range,
        default=parameter.shown_default,
        example=f"{_IMAGE if _IMAGES in parameter.needs else ''}a lighthouse by the sea {parameter.usage}",
        shelf=parameter.group,
        group=say(GROUPS[parameter.group]),
        reason=parameter.shown_reason,
        excludes=tuple(f"--{name}" for name in sorted(CONFLICTS[parameter.name])),
        versions=_versions(parameter),
    )


def _versions(parameter: Parameter) -> str:
    if parameter.versions == OURS:
        return ""
    return parameter.versions if parameter.versions == ALL else parameter.shown_versions
