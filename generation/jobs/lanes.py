"""The fast lane's allowance: how much of the engine's time a person has left this month, and what comes after it.

Only pictures that were delivered cost anything; what waits or runs is set aside by an estimate. Whoever has nothing
left waits in the relaxed lane. Months are those of UTC.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.conf import settings
from django.db.models import Sum
from django.utils import timezone
from django.utils.formats import date_format

from generation.errors import FastTimeSpentError
from generation.jobs.notes import Note
from generation.jobs.selectors import seconds_per_job
from generation.models import Job, JobState, Lane
from mjweb.accounts.models import User
from mjweb.common.saying import say

SPENT: Final = "fast_spent"
"""The code of the note on a job that waits in the relaxed lane because nothing was left."""
MANY_MIN: Final = 10
"""From so many minutes on their tenths are not told."""


@dataclass(frozen=True, slots=True)
class Balance:
    """What is left of a month's fast time.

    allowance_s: of the whole month. used_s: of delivered pictures, and the estimate of what is being made.
    renews_on: the first day of the next month.
    """

    allowance_s: float
    used_s: float
    renews_on: date

    @property
    def left_s(self) -> float:
        """What is left, 0 or more."""
        return max(0.0, self.allowance_s - self.used_s)

    @property
    def is_spent(self) -> bool:
        """Whether nothing is left."""
        return self.left_s <= 0

    @property
    def left(self) -> str:
        """In minutes, for people: `42 of 60 min`."""
        return say("{left} of {all} min", left=_minutes(self.left_s), all=_minutes(self.allowance_s))

    @property
    def renews(self) -> str:
        """The day on which there is as much again, for people."""
        return date_format(self.renews_on, say("j F"))

    @property
    def percent(self) -> int:
        """What is left, 0 to 100."""
        return round(100 * self.left_s / self.allowance_s)


def balance_of(owner: User) -> Balance | None:
    """This person's balance; None where the fast lane has no limit."""
    if not settings.MJWEB_FAST_MINUTES:
        return None
    begin, end = _month(timezone.now())
    own = Job.objects.owned_by(owner).filter(lane=Lane.FAST)
    delivered = own.filter(state=JobState.SUCCEEDED, finished_at__gte=begin).aggregate(ms=Sum("engine_ms"))["ms"] or 0
    waiting = own.active().count()
    aside_s = waiting * (seconds_per_job() or 0.0) if waiting else 0.0
    return Balance(60 * settings.MJWEB_FAST_MINUTES, delivered / 1000 + aside_s, end.date())


def settle_lanes(owner: User, jobs: Sequence[Job]) -> None:
    """Moves jobs that are about to be from the fast lane to the relaxed one, with a note, where nothing is left.

    Raises:
        FastTimeSpentError: there are several; the relaxed lane makes one job of a prompt.
    """
    for job in jobs:
        _as_it_was_asked_for(job)
    fast = [job for job in jobs if job.lane == Lane.FAST]
    balance = balance_of(owner) if fast else None
    if balance is None or not balance.is_spent:
        return
    if len(jobs) > 1:
        raise FastTimeSpentError(several_refused(balance), renews_on=balance.renews_on.isoformat())
    note = Note(SPENT, spent_sentence(balance)).to_json()
    for job in fast:
        job.lane, job.notes = Lane.RELAXED, [*job.notes, note]


def spent_sentence(balance: Balance) -> str:
    """What became of a job."""
    return say("Your fast minutes are used up until {day}, so this waits in the relaxed lane.", day=balance.renews)


def several_refused(balance: Balance) -> str:
    """Why a prompt of several jobs is not run."""
    return say(
        "Your fast minutes are used up until {day}, and the relaxed lane makes one job of a prompt. Ask for one.",
        day=balance.renews,
    )


def _as_it_was_asked_for(job: Job) -> None:
    """A job that repeats another one is not bound to the lane which that one had to take."""
    if any(note["code"] == SPENT for note in job.notes):
        job.lane, job.notes = Lane.FAST, [note for note in job.notes if note["code"] != SPENT]


def _month(now: datetime) -> tuple[datetime, datetime]:
    """The beginnings of this month and of the next."""
    begin = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    year, month = divmod(12 * begin.year + begin.month, 12)
    return begin, begin.replace(year=year, month=month + 1)


def _minutes(seconds: float) -> str:
    """Minutes with one decimal while they are few; 0 means none at all."""
    minutes = seconds / 60
    if minutes >= MANY_MIN or minutes == round(minutes):
        return str(round(minutes))
    return f"{max(0.1, minutes):.1f}"
