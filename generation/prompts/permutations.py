"""One typed text as all the prompts that it stands for: option sets, choices in braces, the suffix, `--repeat`.

Everything is counted before anything is put together, so that `{a, b}` sixty times over costs no more than once.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from generation.prompts.choices_in_braces import MOST_COUNTED, Braced, read_braces
from generation.prompts.layering import settled, with_suffix, without_repeat
from generation.prompts.lexer import lex, mask_quotes, one_line
from generation.prompts.marks import Mark, calm_marks, marks_of
from generation.prompts.option_sets import with_option_sets
from generation.prompts.parser import MAX_TYPED, Reading, check
from generation.prompts.problems import Findings, PromptErrors, PromptProblem
from generation.prompts.traced import Traced
from mjweb.common.saying import say

MAX_JOBS: Final = 40
MAX_EXAMINED: Final = 20_000
"""How many characters of the prompts of one text the check reads while somebody types; submitting reads all."""


_SIGN: Final = re.compile(r"(?<!\\)[,，、{}]")  # noqa: RUF001


@dataclass(frozen=True, slots=True)
class Expansion:
    """What a text stands for.

    count: how many jobs. prompts: the text of each, in order, without `--repeat`, as often as it repeats.
    """

    count: int
    prompts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Child:
    """One of the prompts of a text, and how often it is run."""

    traced: Traced
    times: int


def expand(
    text: str, *, option_sets: Mapping[str, str] | None = None, suffix: str = "", limit: int = MAX_JOBS
) -> Expansion:
    """Every prompt that the text stands for; each is for `parse` to judge.

    option_sets: this person's, by name. suffix: what they add to every prompt. limit: the most jobs.

    Raises:
        PromptErrors: braces or option sets do not come out, or there are more jobs than the limit; nothing is put
            together then.
    """
    children = children_of(text, option_sets=option_sets, suffix=suffix, limit=limit)
    prompts = [one_line(child.traced.text) for child in children for _ in range(child.times)]
    return Expansion(len(prompts), tuple(prompts))


def children_of(
    text: str, *, option_sets: Mapping[str, str] | None = None, suffix: str = "", limit: int = MAX_JOBS
) -> tuple[Child, ...]:
    """What `expand` makes texts of, with the columns where everything was typed. Takes and raises the same."""
    if len(text) > MAX_TYPED:
        raise PromptErrors(check(text).problems)
    whole = with_option_sets(text, option_sets or {})
    added = with_option_sets(suffix, option_sets or {}).text
    braced = _braces(whole, added, len(text))
    if braced.whole.count > limit:
        raise _too_many(braced.whole.count, limit, whole, braced)
    children = tuple(_child(whole, braced, index, added, len(text)) for index in range(braced.whole.count))
    count = sum(child.times for child in children)
    if count > limit:
        raise _too_many(count, limit, whole, braced)
    if count > 1:
        _refuse_relaxed(children)
    return children


def check_all(
    text: str,
    *,
    option_sets: Mapping[str, str] | None = None,
    suffix: str = "",
    models: Sequence[str] | None = None,
    limit: int = MAX_JOBS,
) -> Reading:
    """Reads every prompt of the text without raising, with the columns of what was typed.

    The spec is that of the first one. Takes what `expand` takes, and the names of models as `parse` does.
    """
    try:
        children = children_of(text, option_sets=option_sets, suffix=suffix, limit=limit)
    except PromptErrors as wrong:
        return Reading(None, wrong.problems, (), marks_of(text, _marks(text), wrong.problems))
    names = tuple(option_sets or {})
    read = [(child.traced, check(child.traced.text, models=models, option_sets=names)) for child in _examined(children)]
    problems = _once(_at_typed(one, traced) for traced, reading in read for one in reading.problems)
    warnings = _once(_at_typed(one, traced) for traced, reading in read for one in reading.warnings)
    spec = None if problems else read[0][1].spec
    count = sum(child.times for child in children)
    return Reading(spec, problems, warnings, marks_of(text, _marks(text), problems), count)


def _braces(whole: Traced, suffix: str, end: int) -> Braced:
    findings = Findings()
    braced = read_braces(whole.text, mask_quotes(whole.text), findings)
    problems = [_at_typed(problem, whole) for problem in findings.problems]
    in_suffix = Findings()
    if read_braces(suffix, mask_quotes(suffix), in_suffix).choices or in_suffix.problems:
        problems.append(
            PromptProblem("braces_in_suffix", say("Your suffix has braces, which only a prompt may have."), end, end)
        )
    if problems:
        raise PromptErrors(problems)
    return braced


def _child(whole: Traced, braced: Braced, index: int, suffix: str, end: int) -> Child:
    pieces = [piece for span in braced.whole.spans(index) for piece in whole.cut(*span)]
    traced, times = without_repeat(settled(with_suffix(Traced(pieces), suffix, end)))
    return Child(traced, times)


def _too_many(count: int, limit: int, whole: Traced, braced: Braced) -> PromptErrors:
    sentence = (
        say("This makes more than {count} jobs. The most at once is {most}.", count=f"{count:,}", most=f"{limit:,}")
        if count >= MOST_COUNTED
        else say("This makes {count} jobs. The most at once is {most}.", count=f"{count:,}", most=f"{limit:,}")
    )
    start = braced.choices[0].start if braced.choices else 0
    stop = braced.choices[-1].end if braced.choices else len(whole.text)
    return PromptErrors([PromptProblem("too_many_jobs", sentence, *whole.origin(start, stop))])


def _refuse_relaxed(children: Sequence[Child]) -> None:
    for child in children:
        for segment in lex(child.traced.text).segments:
            if segment.name == "relax":
                sentence = say("Several jobs at once are not made in the relaxed lane.")
                raise PromptErrors(
                    [PromptProblem("several_relaxed", sentence, *child.traced.origin(segment.start, segment.end))]
                )


def _examined(children: Sequence[Child]) -> Iterator[Child]:
    """The first prompt, and as many others as may be read while somebody types."""
    left = MAX_EXAMINED
    for number, child in enumerate(children):
        left -= len(child.traced.text)
        if number and left < 0:
            return
        yield child


def _at_typed(problem: PromptProblem, traced: Traced) -> PromptProblem:
    """The problem at the columns of what was typed, with its fix where it can be put there."""
    start, end = traced.origin(problem.start, problem.end)
    fix = problem.fix if traced.is_typed(problem.start, problem.end) else None
    return replace(problem, start=start, end=end, fix=fix)


def _once(problems: Iterator[PromptProblem]) -> tuple[PromptProblem, ...]:
    return tuple(sorted(dict.fromkeys(problems), key=lambda problem: (problem.start, problem.end)))


def _marks(text: str) -> list[Mark]:
    """What is colored in a text with choices: a parameter between braces begins and ends where its option does."""
    mask = mask_quotes(text)
    choices = read_braces(text, mask, Findings()).choices
    signs = [sign.start() for choice in choices for sign in _SIGN.finditer(mask, choice.start, choice.end)]
    parted = list(text)
    for at in signs:
        parted[at] = " "
    calm = calm_marks(lex("".join(parted)))
    braces = [Mark(at, at + 1, "choice") for choice in choices for at in (choice.start, choice.end - 1)]
    return [*(replace(mark, end=_until(mark, signs)) for mark in calm), *braces]


def _until(mark: Mark, signs: Sequence[int]) -> int:
    """Where a mark ends: before the first sign in it that parts options."""
    at = bisect_left(signs, mark.start)
    return min(mark.end, signs[at]) if at < len(signs) else mark.end
