"""What pages, sockets and the API read about jobs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from uuid import UUID

from django.db.models import Avg, Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Now, TruncDate

from generation.events.publish import latest_preview
from generation.events.types import JobSnapshot
from generation.jobs.presence import served_jobs
from generation.jobs.states import RANK
from generation.models import Image, Job, JobState, Lane, Like
from generation.prompts.parameters import PARAMETERS
from generation.prompts.parser import check
from mjweb.accounts.models import User
from mjweb.common.saying import say, sayable

RECENT_JOBS = 20
MOST_NEWER = 200
ATTEMPT_VERSIONS = 1_000_000
STATE_VERSIONS = 100_000
BLENDED = sayable("A blend of pictures")
"""What pictures are called that were made of others by no words at all."""


def history(user: User) -> QuerySet[Job]:
    """This person's jobs with everything that a card shows; without canceled ones and those that have no picture."""
    likes = Like.objects.filter(person=user, image=OuterRef("pk"))
    shown = Image.objects.filter(is_hidden=False)
    return (
        Job.objects.owned_by(user)
        .exclude(state=JobState.CANCELED)
        .filter(~Q(state=JobState.SUCCEEDED) | Exists(shown.filter(job=OuterRef("pk"))))
        .select_related("source")
        .prefetch_related(Prefetch("images", queryset=shown.annotate(is_liked=Exists(likes))), "images__children")
    )


def jobs_by_day(user: User, first: date, last: date, zone: tzinfo) -> dict[date, int]:
    """How many jobs of this person's history were made on each of these days, by the clocks of a zone."""
    begin = datetime.combine(first, time.min, zone)
    end = datetime.combine(last + timedelta(days=1), time.min, zone)
    made = history(user).prefetch_related(None).filter(created_at__gte=begin, created_at__lt=end)
    days = made.annotate(day=TruncDate("created_at", tzinfo=zone)).order_by().values("day")
    return dict(days.annotate(jobs=Count("pk")).values_list("day", "jobs"))


def image_history(user: User) -> QuerySet[Image]:
    """This person's pictures."""
    return Image.objects.owned_by(user).select_related("job")


def own_snapshots(user: User, job_ids: list[UUID], *, since: timedelta | None = None) -> list[JobSnapshot]:
    """The present state of those of the named jobs that are this person's own, oldest first.

    since: that of the newest jobs too which were made or have ended within so long.
    """
    own = Job.objects.owned_by(user)
    wanted = set(own.filter(pk__in=job_ids).values_list("pk", flat=True))
    if since is not None:
        newer = own.filter(Q(created_at__gt=Now() - since) | Q(finished_at__gt=Now() - since))
        wanted |= set(newer.order_by("-created_at").values_list("pk", flat=True)[:MOST_NEWER])
    return snapshots(own.filter(pk__in=wanted).order_by("created_at", "pk"))


def snapshots(jobs: Iterable[Job]) -> list[JobSnapshot]:
    """The present state of each of these jobs, in a fixed number of queries."""
    rows = list(jobs)
    places = queue_places(rows)
    per_job_s = seconds_per_job() if places else None
    return [_snapshot(job, places.get(job.pk), per_job_s, None) for job in rows]


def snapshot(job: Job, *, preview: str | None = None) -> JobSnapshot:
    """The job's present state as an event. While it runs, the newest preview is added where none is given."""
    place = queue_places([job]).get(job.pk)
    return _snapshot(job, place, seconds_per_job() if place else None, preview)


def _snapshot(job: Job, place: Place | None, per_job_s: float | None, preview: str | None) -> JobSnapshot:
    if preview is None and job.state in {JobState.RUNNING, JobState.FINISHING}:
        preview = latest_preview(str(job.pk))
    return JobSnapshot(
        job_id=str(job.pk),
        version=version(job),
        state=job.state,
        step=job.step,
        steps=job.steps,
        position=place.position if place else None,
        lane=job.lane if place else "",
        starts_in_s=seconds_until(place.turn, per_job_s) if place and place.is_served and per_job_s else None,
        preview=preview,
        sentence=job.told_error or (waiting_sentence(job, place.is_served) if place else ""),
    )


def checkpoint_name(job: Job) -> str:
    """The name of the job's checkpoint, without asking for its row."""
    return str(job.plan_values["checkpoint"])


def waiting_sentence(job: Job, is_served: bool) -> str:
    """Why this job waits although it may be next in line; empty when it only waits for its turn.

    is_served: whether a living worker can paint with its checkpoint.
    """
    return "" if is_served else say("No worker serves {model} at the moment; it waits.", model=checkpoint_name(job))


def running_snapshot(job_id: UUID, *, attempt: int, step: int, steps: int, preview: str | None) -> JobSnapshot:
    """A running job as an event, from what its worker knows: no query, for this is said four times a second."""
    version = _version(attempt, JobState.RUNNING, step)
    return JobSnapshot(
        job_id=str(job_id), version=version, state=JobState.RUNNING, step=step, steps=steps, preview=preview
    )


def version(job: Job) -> int:
    """A number that rises with attempt, state and step. A job back in the queue belongs to its next attempt."""
    attempt = job.attempt + (job.state == JobState.QUEUED and job.attempt > 0)
    return _version(attempt, JobState(job.state), job.step)


def _version(attempt: int, state: JobState, step: int) -> int:
    return attempt * ATTEMPT_VERSIONS + RANK[state] * STATE_VERSIONS + step


@dataclass(frozen=True, slots=True)
class Place:
    """Where a waiting job stands.

    position: 1 when it is next in its lane by age. Fairness may move it forward, never behind younger people's first.
    is_served: whether a living worker can paint with its checkpoint.
    before: jobs of the fast lane that go before one of the relaxed lane.
    """

    position: int
    is_served: bool
    before: int = 0

    @property
    def turn(self) -> int:
        """1 when it is next of all that wait."""
        return self.before + self.position


def queue_places(jobs: Iterable[Job]) -> dict[UUID, Place]:
    """The places of those of these jobs that wait, in one query (none when none waits; two when one is relaxed)."""
    waiting = {job.pk: job.lane for job in jobs if job.state == JobState.QUEUED}
    if not waiting:
        return {}
    hurried = Job.objects.waiting().filter(lane=Lane.FAST).count() if Lane.RELAXED in waiting.values() else 0
    same_age = Q(created_at=OuterRef("created_at"), pk__lte=OuterRef("pk"))
    up_to_it = Job.objects.waiting().filter(Q(created_at__lt=OuterRef("created_at")) | same_age, lane=OuterRef("lane"))
    place = Subquery(up_to_it.order_by().values("lane").annotate(place=Count("pk")).values("place"))
    rows = Job.objects.waiting().filter(pk__in=waiting).annotate(place=place, is_served=served_jobs())
    return {
        pk: Place(place, is_served, hurried if waiting[pk] == Lane.RELAXED else 0)
        for pk, place, is_served in rows.values_list("pk", "place", "is_served")
    }


def starts_in_s(position: int) -> int | None:
    """About when a job at this position starts, from the last jobs' engine time; None while nothing is known."""
    per_job_s = seconds_per_job()
    return seconds_until(position, per_job_s) if per_job_s else None


def seconds_until(position: int, per_job_s: float) -> int:
    """About when a job at this position starts, in whole seconds, when one job takes `per_job_s`."""
    return max(1, round(position * per_job_s))


def seconds_per_job() -> float | None:
    """Mean engine time of the last jobs; None while nothing is known."""
    recent = Job.objects.filter(state=JobState.SUCCEEDED).order_by("-finished_at")[:RECENT_JOBS]
    mean_ms = Job.objects.filter(pk__in=recent.values("pk")).aggregate(mean=Avg("engine_ms"))["mean"]
    return mean_ms / 1000 if mean_ms else None


@dataclass(frozen=True, slots=True)
class TypedPrompt:
    """A stored prompt as pages show it: its words, then each typed parameter with its value ("" for a flag)."""

    words: str
    parameters: tuple[tuple[str, str], ...]


def typed_prompt(job: Job) -> TypedPrompt:
    """The job's prompt, taken apart. One that the language no longer accepts is all words."""
    spec = check(job.prompt).spec
    if spec is None:
        return TypedPrompt(job.prompt, ())
    typed = [parameter for parameter in PARAMETERS if parameter.name in spec.given]
    words = spec.text if spec.parts else say(BLENDED)
    return TypedPrompt(words, tuple((row.name, row.kind.write(getattr(spec, row.field))) for row in typed))
