"""Option sets: names that people give to what they type often, as in `--mine` for `--hd --ar 7:4`.

A set stands for its text, words included, so it is put in place before anything else is read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from generation.prompts.lexer import lex, mask_quotes
from generation.prompts.naming import short
from generation.prompts.parameters import NAMES
from generation.prompts.problems import Findings, PromptErrors, PromptProblem
from generation.prompts.traced import Layer, Piece, Traced
from mjweb.common.saying import say

MAX_NAME: Final = 40
MAX_VALUE: Final = 1000
MAX_DEPTH: Final = 10
_LONGEST: Final = 10_000  # of what one set stands for when those it names are put in

_NAME: Final = re.compile(r"[^\W\d_]\w*(?:-\w+)*")
_DASHES: Final = r"(?:-[-—–―]+|[—–―][-—–―]*)"  # noqa: RUF001 - as phones type them
_PLACE: Final = r"(?:(?<!\S)|(?<=(?<!:)::)|(?<=[{,，、]))"  # noqa: RUF001
_USE: Final = re.compile(rf"(?P<brace>(?<!\\)[{{}}])|{_PLACE}{_DASHES}(?P<name>{_NAME.pattern})")


@dataclass(frozen=True, slots=True)
class _Use:
    """A set that is named, with its columns."""

    name: str
    start: int
    end: int
    in_braces: bool


def option_set_problem(name: str, value: str, others: Mapping[str, str]) -> PromptProblem | None:
    """What is wrong with a set that somebody wants to keep; None where nothing is.

    others: their other sets. Columns are those of the value; a name's problem has none.
    """
    if not _NAME.fullmatch(name) or len(name) > MAX_NAME:
        sentence = say("A name begins with a letter and has at most {most} letters, digits and hyphens.", most=MAX_NAME)
        return PromptProblem("bad_name", sentence, 0, 0)
    if name.lower() in NAMES:
        return PromptProblem("name_taken", say("{name} already means something.", name=f"--{name.lower()}"), 0, 0)
    if len(value) > MAX_VALUE:
        sentence = say("An option set has at most {most} characters.", most=f"{MAX_VALUE:,}")
        return PromptProblem("too_long", sentence, MAX_VALUE, len(value))
    try:
        with_option_sets(value, {**others, name: value})
    except PromptErrors as wrong:
        return wrong.problems[0]
    return None


def with_option_sets(text: str, option_sets: Mapping[str, str]) -> Traced:
    """The text with what each name stands for in its place; words of one that stands late go to the other words.

    Raises PromptErrors where a set names itself, be it by way of others, or stands for too much.
    """
    findings = Findings()
    sets = {name.lower(): value for name, value in option_sets.items() if name.lower() not in NAMES}
    uses = _uses(text, sets)
    words_end = lex(text).words_end if uses else len(text)
    replacing = _Replacing(sets, findings)
    early, words, late = [], [], []
    at = 0
    for use in uses:
        value = replacing.value(use.name, use.start, use.end)
        early.append(_typed(text, at, min(use.start, words_end)))
        late.append(_typed(text, max(at, words_end), use.start))
        own = lex(value).words_end if use.start >= words_end and not use.in_braces else 0
        words.append(Piece(f"{value[:own].strip()} " if own else "", use.start, use.end, Layer.OPTION_SET))
        side = late if use.start >= words_end else early
        side.append(Piece(value[own:], use.start, use.end, Layer.OPTION_SET))
        at = use.end
    if findings.problems:
        raise PromptErrors(findings.problems)
    rest = (_typed(text, at, words_end), *words, *late, _typed(text, max(at, words_end), len(text)))
    return Traced([*early, *rest])


def _typed(text: str, start: int, end: int) -> Piece:
    return Piece(text[start:end], start, end)


class _Replacing:
    """What sets stand for, each worked out once."""

    def __init__(self, sets: Mapping[str, str], findings: Findings) -> None:
        self.sets = sets
        self.findings = findings
        self.values: dict[str, str] = {}
        self.open: list[str] = []

    def value(self, name: str, start: int, end: int) -> str:
        """What this set stands for; a problem is told at `start..end`."""
        if name in self.values:
            return self.values[name]
        if name in self.open or len(self.open) > MAX_DEPTH:
            path = say(" in ").join(f"--{one}" for one in reversed([*self.open, name][-3:]))
            sentence = say("This never ends: {path}.", path=short(path))
            self.findings.refuse("endless_option_set", sentence, start, end)
            return ""
        self.open.append(name)
        pieces, at = [], 0
        for use in _uses(self.sets[name], self.sets):
            pieces += [self.sets[name][at : use.start], self.value(use.name, start, end)]
            at = use.end
        self.open.pop()
        value = "".join([*pieces, self.sets[name][at:]]).strip()
        if len(value) > _LONGEST:
            sentence = say("{name} stands for more than {most} characters.", name=f"--{name}", most=f"{_LONGEST:,}")
            self.findings.refuse("too_long", sentence, start, end)
            value = ""
        self.values[name] = value
        return value


def _uses(text: str, sets: Mapping[str, str]) -> list[_Use]:
    """Where a text names a set. A comma may stand before one only between braces."""
    uses, depth = [], 0
    mask = mask_quotes(text) if sets else ""
    for match in _USE.finditer(mask):
        if match["brace"]:
            depth += 1 if match["brace"] == "{" else -1
            continue
        name = match["name"].lower()
        touches_comma = match.start() > 0 and mask[match.start() - 1] in ",，、"  # noqa: RUF001
        if name in sets and (depth > 0 or not touches_comma):
            uses.append(_Use(name, match.start(), match.end(), depth > 0))
    return uses
