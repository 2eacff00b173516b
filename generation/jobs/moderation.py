"""The rules of prompts, before anything is painted: what a prompt's words come to, and what becomes of its job."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

from django.db import transaction
from django.utils import timezone

from generation.contracts import RenderPlan
from generation.errors import ActionNotPossibleError
from generation.jobs.moderation_matching import Pattern, Words, read_patterns, words_of
from generation.jobs.notes import Note
from generation.models import Image, Job, JobState, Level, Rule, RuleAction
from generation.signals import prompt_blocked
from mjweb.common.saying import say

BLOCKED = "blocked_by_rule"
WARNED = "warned_by_rule"
LEVELS = {RuleAction.SENSITIVE: Level.SENSITIVE, RuleAction.EXPLICIT: Level.EXPLICIT}


@dataclass(frozen=True)
class Judged:
    """What of a prompt is looked at: its words, and what it keeps out as `no …`.

    Keeping something out is not asking for it, but `no clothes` asks for something.
    """

    words: Words
    without: Words

    @classmethod
    def of(cls, plan: RenderPlan) -> Judged:
        """The words that the engine would be given."""
        return cls.read(", ".join(part.text for part in plan.parts), plan.negative_prompt)

    @classmethod
    def read(cls, text: str, kept_out: str = "") -> Judged:
        """Words as they are typed, and what `--no` says."""
        return cls(words_of(text), words_of(" ".join(f"no {one}" for one in kept_out.split(",") if one.strip())))

    def has_any(self, patterns: Iterable[Pattern]) -> bool:
        """Whether one of them is in it."""
        return any(
            self.words.has(pattern) or (pattern.parts[0] == "no" and self.without.has(pattern)) for pattern in patterns
        )


@dataclass(frozen=True)
class ReadRule:
    """A rule, ready to be held against any number of prompts."""

    rule: Rule

    @cached_property
    def patterns(self) -> tuple[Pattern, ...]:
        """What it looks for."""
        return read_patterns(self.rule.patterns)

    def holds(self, judged: Judged) -> bool:
        """Whether a prompt is one that the rule means."""
        beside, unless = read_patterns(self.rule.with_any), read_patterns(self.rule.unless)
        return (
            judged.has_any(self.patterns)
            and (not beside or judged.has_any(beside))
            and not (unless and judged.has_any(unless))
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules say of a prompt.

    rules: those that hold, by name.
    """

    rules: tuple[Rule, ...]

    @property
    def blocked(self) -> Rule | None:
        """The rule that blocks it, one with a strike first."""
        blocking = [rule for rule in self.rules if rule.action == RuleAction.BLOCK]
        return next((rule for rule in blocking if rule.strikes), blocking[0] if blocking else None)

    @property
    def level(self) -> int:
        """What its pictures are at least."""
        return max((LEVELS.get(RuleAction(rule.action), Level.EVERYBODY) for rule in self.rules), default=0)

    @property
    def warnings(self) -> list[Note]:
        """What its owner is told beside the pictures."""
        return [Note(WARNED, told_by(rule)) for rule in self.rules if rule.action == RuleAction.WARN]


def judge(judged: Judged, rules: Iterable[ReadRule]) -> Verdict:
    """What these rules say."""
    return Verdict(tuple(read.rule for read in rules if read.holds(judged)))


def rules_in_force() -> list[ReadRule]:
    """Every rule that is switched on."""
    return [ReadRule(rule) for rule in Rule.objects.filter(is_active=True)]


def told_by(rule: Rule) -> str:
    """What people are told of a rule that holds."""
    return rule.note or say("The rule “{name}” of this server holds for it.", name=say(rule.name))


def moderate(jobs: Sequence[Job]) -> None:
    """Holds jobs that are about to be against the rules: some are blocked, some get a level or a note.

    Effects: after commit rooms above are told of those that are blocked.
    """
    rules = rules_in_force()
    for job in jobs:
        verdict = judge(Judged.of(job.plan), rules)
        job.level = max(job.level, verdict.level)
        job.notes = [*(note for note in job.notes if note["code"] != WARNED), *(n.to_json() for n in verdict.warnings)]
        if verdict.blocked is not None:
            _block(job, verdict.blocked)


def take_over_levels(job: Job, sources: Iterable[Image]) -> None:
    """A picture that is made of others is at least of their level.

    Raises:
        ActionNotPossibleError: one of them is withheld.
    """
    for image in sources:
        if image.withheld_at is not None:
            raise ActionNotPossibleError(say("This picture is withheld by moderators: nothing can be made of it."))
        job.level = max(job.level, image.level)


def _block(job: Job, rule: Rule) -> None:
    job.state, job.finished_at = JobState.BLOCKED, timezone.now()
    job.error_code, job.error_sentence = BLOCKED, told_by(rule)
    transaction.on_commit(partial(prompt_blocked.send_robust, sender=Job, job=job, rule=rule))
