"""How the server does: jobs, waits, the engine, storage and sign-ups, an hour or a day at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.core.cache import cache
from django.db import connection
from django.db.models import Count, Sum
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gallery.models import Report
from gallery.plots import Plot, Series
from generation.models import Image, Job, JobState, Worker
from mjweb.accounts.models import User

GIB: Final = 2**30
MIB: Final = 2**20
KEPT_S: Final = 600
"""So long the sum over all pictures is remembered: it reads every row."""


@dataclass(frozen=True, slots=True)
class Span:
    """How far back, and in which steps. unit: as PostgreSQL's `date_trunc` names it."""

    title: str
    steps: int
    unit: str

    @property
    def step(self) -> timedelta:
        """One step."""
        return timedelta(hours=1) if self.unit == "hour" else timedelta(days=1)


SPANS: Final[Mapping[str, Span]] = {
    "day": Span(gettext_lazy("24 hours"), 24, "hour"),  # type: ignore[arg-type]
    "week": Span(gettext_lazy("7 days"), 7 * 24, "hour"),  # type: ignore[arg-type]
    "month": Span(gettext_lazy("30 days"), 30, "day"),  # type: ignore[arg-type]
}


@dataclass(frozen=True, slots=True)
class Dashboard:
    """Everything on the page. states: of jobs that came within the span, by name and number."""

    span: str
    plots: list[Plot]
    states: list[tuple[str, int]]
    facts: list[tuple[str, str]]


_JOBS: Final = """
SELECT date_trunc(%(unit)s, created_at, 'UTC') AS moment, count(*),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM started_at - created_at)),
       percentile_cont(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM started_at - created_at))
  FROM generation_job WHERE created_at >= %(since)s GROUP BY moment
"""
_ENGINE: Final = """
SELECT date_trunc(%(unit)s, finished_at, 'UTC') AS moment, sum(engine_ms) / 1000.0
  FROM generation_job WHERE created_at >= %(before)s AND finished_at >= %(since)s GROUP BY moment
"""
_STORAGE: Final = """
SELECT date_trunc(%(unit)s, created_at, 'UTC') AS moment, count(*), sum(size_bytes)
  FROM generation_image WHERE created_at >= %(since)s GROUP BY moment
"""
_PEOPLE: Final = """
SELECT date_trunc(%(unit)s, date_joined, 'UTC') AS moment, count(*)
  FROM accounts_user WHERE date_joined >= %(since)s GROUP BY moment
"""


def dashboard(name: str) -> Dashboard:
    """The page of one of `SPANS`."""
    span = SPANS[name]
    steps = _steps(span)
    values = {"unit": span.unit, "since": steps[0], "before": steps[0] - timedelta(days=1)}
    return Dashboard(
        span=name,
        plots=[*_of_jobs(span, steps, values), *_of_pictures(steps, values), _of_people(steps, values)],
        states=_states(steps[0]),
        facts=_facts(),
    )


def _steps(span: Span) -> list[datetime]:
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    last = now if span.unit == "hour" else now.replace(hour=0)
    return [last - at * span.step for at in reversed(range(span.steps))]


def _of_jobs(span: Span, steps: Sequence[datetime], values: Mapping[str, Any]) -> list[Plot]:
    jobs, engine = _read(_JOBS, values), _read(_ENGINE, values)
    places = _places(span, steps)
    seconds = [_number(engine.get(step), 0) or 0.0 for step in steps]
    share = [100 * one / span.step.total_seconds() for one in seconds]
    return [
        Plot(
            "jobs", _("Jobs"), _("jobs"), places, [Series(_("Jobs"), [_number(jobs.get(s), 0) or 0.0 for s in steps])]
        ),
        Plot(
            "waits",
            _("Waits until a worker begins"),
            _("seconds"),
            places,
            [
                Series(_("Half wait at most"), [_number(jobs.get(s), 1) for s in steps], is_line=True),
                Series(_("19 of 20 wait at most"), [_number(jobs.get(s), 2) for s in steps], is_line=True),
            ],
        ),
        Plot("engine", _("Time of the engines"), _("seconds"), places, [Series(_("Seconds"), seconds)]),
        Plot(
            "share",
            _("Use of the engines"),
            _("percent"),
            places,
            [Series(_("Percent"), share)],
            note=_("100 percent is one engine that never rests; several pictures painted together count each."),
        ),
    ]


def _of_pictures(steps: Sequence[datetime], values: Mapping[str, Any]) -> list[Plot]:
    made = _read(_STORAGE, values)
    added = [_number(made.get(step), 1) or 0.0 for step in steps]
    unit, size = ("GiB", GIB) if max(added) >= GIB else ("MiB", MIB)
    places = _places(SPANS["day"] if values["unit"] == "hour" else SPANS["month"], steps)
    return [
        Plot("storage", _("Storage that pictures took"), unit, places, [Series(unit, [one / size for one in added])]),
    ]


def _of_people(steps: Sequence[datetime], values: Mapping[str, Any]) -> Plot:
    joined = _read(_PEOPLE, values)
    places = _places(SPANS["day"] if values["unit"] == "hour" else SPANS["month"], steps)
    numbers = [_number(joined.get(step), 0) or 0.0 for step in steps]
    return Plot("sign-ups", _("Sign-ups"), _("people"), places, [Series(_("People"), numbers)])


def _read(query: str, values: Mapping[str, Any]) -> dict[datetime, tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return {row[0]: row[1:] for row in cursor.fetchall()}


def _number(row: tuple[Any, ...] | None, at: int) -> float | None:
    return None if row is None or row[at] is None else float(row[at])


def _places(span: Span, steps: Sequence[datetime]) -> list[str]:
    form = _("j M, H:i") if span.unit == "hour" else _("j M")
    return [date_format(step, form) for step in steps]


def _states(since: datetime) -> list[tuple[str, int]]:
    counted = Job.objects.filter(created_at__gte=since).values_list("state").annotate(count=Count("pk"))
    numbers = dict(counted.values_list("state", "count"))
    return [(str(state.label), numbers.get(state, 0)) for state in JobState]


def _facts() -> list[tuple[str, str]]:
    kept = cache.get_or_set("dashboard-storage", _storage, KEPT_S) or (0, 0)
    return [
        (_("People"), f"{User.objects.filter(is_active=True).count():,}"),
        (_("Pictures"), f"{kept[0]:,}"),
        (_("Originals"), f"{kept[1] / GIB:.1f} GiB"),
        (_("Jobs in line"), f"{Job.objects.waiting().count():,}"),
        (_("Workers alive"), f"{Worker.objects.filter(alive_until__gt=timezone.now()).count():,}"),
        (_("Reports that wait"), f"{Report.objects.waiting().count():,}"),
    ]


def _storage() -> tuple[int, int]:
    sums = Image.everything.aggregate(count=Count("pk"), size=Sum("size_bytes", default=0))
    return sums["count"], sums["size"]
