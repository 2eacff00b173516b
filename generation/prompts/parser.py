"""Reads typed text into a `PromptSpec`, or tells everything that keeps it from being one."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from generation.contracts import PromptPart
from generation.prompts.a1111 import note_other_language
from generation.prompts.images import read_images
from generation.prompts.lexer import Lexed, is_visible, lex, one_line
from generation.prompts.marks import Mark, calm_marks, marks_of
from generation.prompts.parameters import BY_NAME
from generation.prompts.problems import Findings, Fix, PromptErrors, PromptProblem
from generation.prompts.reading import read_parameters
from generation.prompts.relations import Values, note_without_effect, refuse_without_words
from generation.prompts.spec import PromptSpec
from generation.prompts.weights import read_parts
from mjweb.common.saying import say, spoken_language

__all__ = ["MAX_CHARACTERS", "MAX_TYPED", "Mark", "Reading", "check", "parse", "read", "scan"]

MAX_CHARACTERS = 2000
MAX_REFERRED = 4000
# Canonical text is at times longer than what was typed (`a::b` is `a::1 b::1`) and must parse again. What people are
# told first is therefore a limit of words; this one is of everything typed, and lies above both of them together.
MAX_TYPED = 10_000
REMEMBERED: Final = 256
"""Readings that are kept: what is typed is read to be colored, to be explained and to be planned, within a moment."""

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]+")
_NO_SPACE_BEFORE = re.compile(r"(?<=[^\s-])--([^\W\d_]\w*)")
_BRACE = re.compile(r"(?<!\\)[{}]")


@dataclass(frozen=True, slots=True)
class Reading:
    """All there is to say about a typed text.

    spec: None when there are problems; of the first prompt, where the text stands for several.
    marks: in order, none overlaps another.
    jobs: how many jobs it makes, as far as it can be counted; 1 where it cannot.
    """

    spec: PromptSpec | None
    problems: tuple[PromptProblem, ...]
    warnings: tuple[PromptProblem, ...]
    marks: tuple[Mark, ...]
    jobs: int = 1


def parse(text: str, *, models: Sequence[str] | None = None, option_sets: Collection[str] = ()) -> PromptSpec:
    """The meaning of a typed prompt. Raises PromptErrors with every problem at once, and nothing else.

    models: the names of models that there are; None takes any. option_sets: names of this person's own, which are
        suggested where a name is unknown; `permutations.expand` puts what they stand for in their place.
    """
    reading = check(text, models=models, option_sets=option_sets)
    if reading.spec is None:
        raise PromptErrors(reading.problems)
    return reading.spec


def scan(text: str) -> tuple[Mark, ...]:
    """What to color in a text while it is typed. Never fails."""
    return check(text).marks


def check(text: str, *, models: Sequence[str] | None = None, option_sets: Collection[str] = ()) -> Reading:
    """Reads the text without raising: the spec or the problems, the warnings and what to color.

    Takes what `parse` takes.
    """
    if len(text) > MAX_TYPED:
        problem = _too_long(len(text), MAX_TYPED, len(text))
        return Reading(None, (problem,), (), marks_of(text, [], [problem]))
    return _remembered(text, None if models is None else tuple(models), tuple(option_sets), spoken_language())


@lru_cache(maxsize=REMEMBERED)
def _remembered(text: str, models: tuple[str, ...] | None, option_sets: tuple[str, ...], language: str) -> Reading:  # noqa: ARG001 - a reading holds sentences of one language
    return read(text, models=models, option_sets=option_sets)


def read(text: str, *, models: Sequence[str] | None = None, option_sets: Collection[str] = ()) -> Reading:
    """`check` for a text of any length; linear in it."""
    lexed = lex(text)
    findings = Findings()
    _refuse_unprintable(text, findings)
    _refuse_braces(lexed, findings)
    images = read_images(lexed, findings)
    parts = read_parts(lexed, findings)
    values = read_parameters(lexed, findings, models, option_sets)
    _relate(lexed, values, findings)
    _refuse_too_long(lexed, images, parts, values, findings)
    _note_missing_spaces(lexed, findings)
    note_other_language(lexed, findings)
    problems = _in_reading_order(findings.problems)
    refused = {problem.start for problem in problems}
    warnings = _in_reading_order(warning for warning in findings.warnings if warning.start not in refused)
    spec = None if problems else _spec(lexed, images, parts, values, warnings)
    return Reading(spec, problems, warnings, marks_of(text, calm_marks(lexed), problems), spec.repeat if spec else 1)


def _in_reading_order(problems: Iterable[PromptProblem]) -> tuple[PromptProblem, ...]:
    return tuple(sorted(problems, key=lambda problem: (problem.start, problem.end)))


def _spec(
    lexed: Lexed,
    images: tuple[str, ...],
    parts: tuple[PromptPart, ...],
    values: Values,
    warnings: tuple[PromptProblem, ...],
) -> PromptSpec:
    text = one_line(lexed.text[lexed.words_start : lexed.words_end])
    return PromptSpec(images=images, parts=parts, given=values.names, text=text, warnings=warnings, **values.fields)


def _relate(lexed: Lexed, values: Values, findings: Findings) -> None:
    note_without_effect(values, findings, images=len(lexed.images))
    if len(lexed.images) > 1 and not is_visible(lexed.text[lexed.words_start : lexed.words_end]):
        refuse_without_words(values, findings)


def _refuse_braces(lexed: Lexed, findings: Findings) -> None:
    if brace := _BRACE.search(lexed.mask):
        typed = f"\\{brace[0]}"
        sentence = say("Braces stand for several prompts, and this is one. Type {typed} for a brace.", typed=typed)
        fix = Fix(say("Use {value}", value=typed), typed)
        findings.refuse("several_prompts", sentence, *brace.span(), fix)


def _refuse_unprintable(text: str, findings: Findings) -> None:
    for match in _UNPRINTABLE.finditer(text):
        sentence = say("A character here cannot be shown or stored.")
        findings.refuse("unprintable", sentence, *match.span(), Fix(say("Remove it"), ""))


def _refuse_too_long(
    lexed: Lexed, images: tuple[str, ...], parts: tuple[PromptPart, ...], values: Values, findings: Findings
) -> None:
    words = sum(len(part.text) for part in parts) + sum(len(item) + 2 for item in values.fields["negative"])
    if words > MAX_CHARACTERS:
        findings.problems.append(_too_long(words, MAX_CHARACTERS, len(lexed.text)))
    if sum(map(len, [*images, *values.references])) > MAX_REFERRED:
        sentence = say("The addresses of the images have more than {most} characters.", most=f"{MAX_REFERRED:,}")
        findings.refuse("addresses_too_long", sentence, 0, len(lexed.text))


def _too_long(length: int, most: int, end: int) -> PromptProblem:
    sentence = say("This prompt has {length} characters. The most is {most}.", length=f"{length:,}", most=f"{most:,}")
    return PromptProblem("too_long", sentence, min(most, end), end)


def _note_missing_spaces(lexed: Lexed, findings: Findings) -> None:
    """`poppies--ar 2:3` is words, as hyphens in words are; say so when a parameter's name is in them."""
    read_as_parameters = {segment.start for segment in lexed.segments}
    for match in _NO_SPACE_BEFORE.finditer(lexed.mask):
        if match[1].lower() in BY_NAME and match.start() not in read_as_parameters:
            sentence = say("{name} was read as words. A parameter has a space before it.", name=match[0])
            findings.warn("missing_space", sentence, *match.span(), Fix(say("Put a space there"), f" {match[0]}"))
