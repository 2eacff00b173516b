"""What is wrong with a prompt, said with columns, a code, a sentence and a way to mend it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from generation.errors import GenerationError
from mjweb.common.saying import sayable


@dataclass(frozen=True, slots=True)
class Fix:
    """One press that mends a problem: put `text` in place of the problem's columns.

    label: what the button says (`Use 1000`).
    text: the replacement of `start..end`; may be empty.
    """

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class PromptProblem:
    """One thing to say about a typed prompt, with the place where it stands.

    code: stable, for programs; sentence: for people.
    start, end: code points into the typed text, `start <= end`; equal where something is missing.
    """

    code: str
    sentence: str
    start: int
    end: int
    fix: Fix | None = None

    def to_json(self) -> dict[str, Any]:
        """The problem as plain JSON values, for the API and the page."""
        return asdict(self)

    def mended(self, text: str) -> str:
        """The typed text with the fix applied; unchanged when there is none."""
        return text if self.fix is None else text[: self.start] + self.fix.text + text[self.end :]


class PromptErrors(GenerationError):  # noqa: N818 - it holds several errors, and its name says so
    """Everything that keeps a prompt from being run, in reading order.

    The sentence is that of the first problem; the field `problems` holds all of them as JSON values.
    """

    code = "bad_prompt"
    status = 422
    title = sayable("This prompt cannot be run")

    def __init__(self, problems: Sequence[PromptProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems[0].sentence, problems=[problem.to_json() for problem in self.problems])


@dataclass(slots=True)
class Findings:
    """Gathers what the readers find while they go on reading.

    problems: keep the prompt from being run; warnings: things to know that do no harm.
    """

    problems: list[PromptProblem] = field(default_factory=list)
    warnings: list[PromptProblem] = field(default_factory=list)

    def refuse(self, code: str, sentence: str, start: int, end: int, fix: Fix | None = None) -> None:
        """Note a problem; reading goes on, so that a person learns of every one at once."""
        self.problems.append(PromptProblem(code, sentence, start, end, fix))

    def warn(self, code: str, sentence: str, start: int, end: int, fix: Fix | None = None) -> None:
        """Note something harmless that a person would want to know."""
        self.warnings.append(PromptProblem(code, sentence, start, end, fix))
