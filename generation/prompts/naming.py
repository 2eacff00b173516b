"""Names that are no parameters: what was meant, why it cannot be had, or how to get rid of it."""

from __future__ import annotations

import re
from collections.abc import Collection
from difflib import get_close_matches

from generation.prompts.lexer import Lexed, Segment
from generation.prompts.parameters import BY_NAME, REFUSED_BY_NAME
from generation.prompts.problems import Findings, Fix
from mjweb.common.saying import say

_NAME_AND_DIGITS = re.compile(r"([^\W\d_]+)(\d.*)")
_LONGEST_NAME = 20  # nobody means a parameter with a longer one, and the comparison is not linear
_LONGEST_SHOWN = 30


def refuse_name(lexed: Lexed, segment: Segment, findings: Findings, option_sets: Collection[str] = ()) -> None:
    """An unknown name is never taken for words: say so, with the nearest name, a reason or a way out.

    option_sets: names that this person gave to sets of parameters.
    """
    if (known := REFUSED_BY_NAME.get(segment.name)) is not None:
        fix = Fix(say("Remove {what}", what=segment.spelling), "")
        findings.refuse("unavailable", known.shown_reason, segment.start, segment.end, fix)
        return
    name, near = f"--{short(segment.name)}", _nearest(segment.name, option_sets)
    if near is None:
        sentence, fix = say("{name} is not a parameter.", name=name), _way_out(lexed, segment)
        findings.refuse("unknown_parameter", sentence, segment.start, segment.end, fix)
        return
    sentence = say("{name} is not a parameter. Did you mean {near}?", name=name, near=f"--{near}")
    fix = Fix(say("Use {value}", value=f"--{near}"), f"--{near}")
    findings.refuse("unknown_parameter", sentence, segment.start, segment.name_end, fix)


def short(text: str) -> str:
    """The text, cut where it is too long for a sentence."""
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"


def _nearest(name: str, option_sets: Collection[str]) -> str | None:
    """The known name most like this one; a number that touches the name (`s250`) is split off."""
    if len(name) > _LONGEST_NAME:
        return None
    split = _NAME_AND_DIGITS.fullmatch(name)
    if split and split[1] in BY_NAME:
        return f"{split[1]} {split[2]}"
    near = get_close_matches(name, [*BY_NAME, *option_sets], n=1, cutoff=0.7)
    return near[0] if near else None


def _way_out(lexed: Lexed, segment: Segment) -> Fix:
    """Words after a long dash were hardly meant as a parameter; anything else can only go."""
    if not segment.dashes.startswith("-") and segment.start == lexed.words_end:
        rest = lexed.text[segment.start + len(segment.dashes) : segment.end]
        return Fix(say("Keep it as words"), f"{segment.dashes} {rest}")
    return Fix(say("Remove {what}", what=f"--{short(segment.name)}"), "")
