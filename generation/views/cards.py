"""What a job card shows, worked out once for the page, the fragment and the live update."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final
from uuid import UUID

from django.contrib.humanize.templatetags.humanize import ordinal
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import Resolver404, resolve

from generation.contracts import RenderPlan
from generation.events.types import JobSnapshot
from generation.jobs import planning, selectors
from generation.jobs.selectors import TypedPrompt
from generation.models import Image, Job, JobKind, JobState, Lane
from mjweb.accounts.models import User
from mjweb.common.saying import say, sayable

DONE: Final = {
    JobKind.RERUN: sayable("same seeds"),
    JobKind.ZOOM: sayable("zoomed out"),
    JobKind.PAN: sayable("panned"),
    JobKind.SQUARE: sayable("made square"),
    JobKind.REGION: sayable("edited"),
    JobKind.EDIT: sayable("edited"),
    JobKind.BLEND: sayable("blended"),
}
"""What a caption says of a job that is not simply a prompt."""
READY: Final = {1: sayable("The picture is ready: {words}"), 4: sayable("Four pictures are ready: {words}")}
ALL_READY: Final = sayable("The pictures are ready: {words}")
RESHAPED: Final = frozenset({JobKind.ZOOM, JobKind.PAN, JobKind.SQUARE, JobKind.REGION, JobKind.EDIT})
"""Their shape is that of their canvas, whatever ratio the words name."""
UPSCALE_KEPT: Final = frozenset({JobState.QUEUED, JobState.RUNNING, JobState.FINISHING, JobState.SUCCEEDED})
SHORT_CHARS: Final = 60


@dataclass(frozen=True, slots=True)
class Cell:
    """One finished picture of a sheet.

    upscaled: this person's upscale of it, once that is finished; working: it has been asked for.
    is_liked: whether this person likes it.
    """

    image: Image
    upscaled: Image | None
    working: bool
    is_liked: bool


@dataclass(frozen=True, slots=True)
class JobCard:
    """A job as its owner sees it.

    words: the prompt without parameters; parameters: its shape and what was typed, for the caption.
    sentence: what happens now, while something does; announcement: what a screen reader is told of the state.
    percent: 0 to 100. can_upscale: whether the model makes pictures of twice this size.
    beside: how many jobs the same prompt made, this one included; 0 for a job of its own.
    sheet: the address of the page that shows all of these; empty where there is none.
    source_job: of an upscale the id of the job whose picture it enlarges; else empty.
    """

    job: Job
    plan: RenderPlan
    snapshot: JobSnapshot
    words: str
    parameters: tuple[str, ...]
    cells: tuple[Cell, ...]
    sentence: str
    announcement: str
    percent: int
    can_upscale: bool
    beside: int
    sheet: str
    source_job: str


def cards_of(user: User) -> QuerySet[Job]:
    """This person's jobs with everything that `job_card` reads, in a fixed number of queries."""
    same_prompt = Job.objects.filter(group=OuterRef("group")).exclude(state=JobState.CANCELED).order_by()
    beside = Subquery(same_prompt.values("group").annotate(jobs=Count("pk")).values("jobs"))
    whole = selectors.history(user).select_related("checkpoint", "source", "group").annotate(beside=Coalesce(beside, 0))
    return whole.prefetch_related("images__children__images")


def job_cards(jobs: Iterable[Job]) -> list[JobCard]:
    """The cards of these jobs, which `cards_of` found, in their order."""
    rows = list(jobs)
    return [_card(job, shot) for job, shot in zip(rows, selectors.snapshots(rows), strict=True)]


def job_card(job: Job) -> JobCard:
    """Everything that the card of this job, which `cards_of` found, shows at this moment."""
    return _card(job, selectors.snapshot(job))


def _card(job: Job, snapshot: JobSnapshot) -> JobCard:
    plan, typed = job.plan, selectors.typed_prompt(job)
    longest = planning.UPSCALE_FACTOR * max(plan.width_px, plan.height_px)
    return JobCard(
        job=job,
        plan=plan,
        snapshot=snapshot,
        words=typed.words,
        parameters=_parameters(job, plan, typed),
        cells=tuple(_cell(job, image) for image in sorted(job.images.all(), key=lambda image: image.index)),
        sentence=live_sentence(snapshot),
        announcement=_announcement(job, snapshot, typed.words),
        percent=round(100 * snapshot.step / snapshot.steps) if snapshot.steps else 0,
        can_upscale=longest <= job.checkpoint.card.max_side_px and not job.checkpoint.removed_at,
        beside=getattr(job, "beside", 0),
        sheet=_sheet_address(job.group_id) if job.group_id else "",
        source_job=str(job.source.job_id) if job.kind == JobKind.UPSCALE and job.source else "",
    )


def live_sentence(snapshot: JobSnapshot) -> str:
    """What happens now, with its number; empty when nothing does."""
    if snapshot.state == JobState.RUNNING:
        return (
            say("Step {step} of {steps}", step=snapshot.step, steps=snapshot.steps)
            if snapshot.step
            else say("Starting")
        )
    if snapshot.state == JobState.FINISHING:
        return say("Saving")
    return "" if snapshot.position is None else snapshot.sentence or _when(snapshot, snapshot.position)


def _when(snapshot: JobSnapshot, position: int) -> str:
    place = _place(position, is_relaxed=snapshot.lane == Lane.RELAXED)
    if not snapshot.starts_in_s:
        return place
    return say("{place}, starts in about {n} s", place=place, n=snapshot.starts_in_s)


def _place(position: int, *, is_relaxed: bool) -> str:
    if position == 1:
        return say("Next in the relaxed lane") if is_relaxed else say("Next in line")
    place = ordinal(position)
    return say("{place} in the relaxed lane", place=place) if is_relaxed else say("{place} in line", place=place)


def _parameters(job: Job, plan: RenderPlan, typed: TypedPrompt) -> tuple[str, ...]:
    size = f"{plan.width_px} × {plan.height_px}"  # noqa: RUF001 - the sign between two sizes
    if job.kind == JobKind.UPSCALE:
        return (say("upscaled"), size)
    given = dict(typed.parameters)
    model = () if job.checkpoint.is_default or "model" in given else (job.checkpoint.title,)
    shape = size if job.kind in RESHAPED else given.get("ar", "1:1")
    words = (
        shape,
        *(f"{name} {value}".rstrip() for name, value in typed.parameters if name != "ar"),
        *model,
    )
    if job.kind == JobKind.VARY:
        is_subtle = plan.stages[0].strength <= planning.VARY_STRENGTH["subtle"]
        return (*words, say("varied subtly") if is_subtle else say("varied"))
    return (*words, say(DONE[JobKind(job.kind)])) if job.kind in DONE else words


def _cell(job: Job, image: Image) -> Cell:
    """Other people upscale public pictures too; only the owner's own upscale counts here."""
    own = [
        child
        for child in image.children.all()
        if child.owner_id == job.owner_id and child.kind == JobKind.UPSCALE and child.state in UPSCALE_KEPT
    ]
    results = [result for child in own for result in child.images.all()]
    upscaled = results[0] if results else None
    return Cell(image=image, upscaled=upscaled, working=bool(own), is_liked=getattr(image, "is_liked", False))


def _announcement(job: Job, snapshot: JobSnapshot, words: str) -> str:
    short = words if len(words) <= SHORT_CHARS else f"{words[: SHORT_CHARS - 1].rstrip()}…"
    if job.state == JobState.SUCCEEDED:
        return say(READY.get(len(job.plan.seeds), ALL_READY), words=short)
    if job.state in {JobState.FAILED, JobState.BLOCKED}:
        return f"{job.told_error} {short}"
    if job.state == JobState.CANCELED:
        return say("Canceled: {words}", words=short)
    return say("Submitted. {sentence}.", sentence=live_sentence(snapshot).rstrip(".。"))


def _sheet_address(group_id: UUID) -> str:
    """The page of all jobs of a prompt; empty where this server has none."""
    return f"/groups/{group_id}/" if _has_sheets() else ""


@cache
def _has_sheets() -> bool:
    try:
        resolve(f"/groups/{UUID(int=0)}/")
    except Resolver404:
        return False
    return True
