"""What parameters say about each other, by the columns `conflicts`, `needs` and `effect` of the table."""

from __future__ import annotations

from typing import Any

from generation.prompts.lexer import Segment
from generation.prompts.parameters import CONFLICTS, PARAMETERS
from generation.prompts.problems import Findings, Fix
from generation.prompts.table.row import Parameter
from mjweb.common.saying import say

_IMAGES = "images"


class Values:
    """What was typed, by the table: a value for each field, and which parameters were given, and where."""

    def __init__(self) -> None:
        self.fields: dict[str, Any] = {row.field: row.default for row in PARAMETERS}
        self.given: dict[str, tuple[Parameter, Segment]] = {}  # by field

    def set(self, parameter: Parameter, segment: Segment, value: Any) -> None:
        """Takes the value as typed; a later one replaces an earlier one."""
        self.fields[parameter.field] = value
        self.given[parameter.field] = (parameter, segment)

    @property
    def names(self) -> frozenset[str]:
        """The names of the parameters that were typed."""
        return frozenset(parameter.name for parameter, _ in self.given.values())

    @property
    def references(self) -> tuple[str, ...]:
        """Every picture that a parameter refers to."""
        styles = (use.ref for use in self.fields["style_refs"])
        thing = self.fields["object_ref"]
        return (*self.fields["character_refs"], *styles, *([] if thing is None else [thing]))


def note_earlier(parameter: Parameter, segment: Segment, values: Values, findings: Findings) -> None:
    """Says what this parameter has to do with those that were typed before it."""
    earlier = values.given.get(parameter.field)
    if earlier and earlier[0] is parameter and not getattr(parameter.kind, "adds_up", False):
        sentence = say("{name} is typed twice. The last one counts.", name=segment.spelling)
        findings.warn("repeated", sentence, segment.start, segment.end)
    for other, _ in values.given.values():
        if other.name in CONFLICTS[parameter.name]:
            sentence = say("{one} and {other} exclude each other.", one=f"--{other.name}", other=segment.spelling)
            fix = Fix(say("Remove {what}", what=segment.spelling), "")
            findings.refuse("exclusive", sentence, segment.start, segment.end, fix)
            return


def note_without_effect(values: Values, findings: Findings, *, images: int) -> None:
    """Says which parameters change nothing here: those that wait for another, and those of other programs."""
    there = {*values.names, *([_IMAGES] if images else [])}
    for parameter, segment in values.given.values():
        if parameter.needs and there.isdisjoint(parameter.needs):
            sentence = _counts_only_beside(parameter.needs[0], segment.spelling)
            findings.warn("without_effect", sentence, segment.start, segment.end)
        if parameter.effect == "noted":
            findings.warn("noted", parameter.shown_reason, segment.start, segment.end)


def _counts_only_beside(needed: str, name: str) -> str:
    if needed == _IMAGES:
        return say("{name} counts only where an image stands before the words.", name=name)
    return say("{name} counts only beside {other}.", name=name, other=f"--{needed}")


def refuse_without_words(values: Values, findings: Findings) -> None:
    """What a prompt of images alone cannot have."""
    for parameter, segment in values.given.values():
        if parameter.needs_words:
            sentence = say("{name} takes words, and there are images alone.", name=segment.spelling)
            fix = Fix(say("Remove {what}", what=segment.spelling), "")
            findings.refuse("needs_words", sentence, segment.start, segment.end, fix)
