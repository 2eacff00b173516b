"""What a job card shows, worked out once for the page, the fragment and the live update."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.contrib.humanize.templatetags.humanize import ordinal
from django.db.models import QuerySet

from generation.contracts import RenderPlan
from generation.events.types import JobSnapshot
from generation.jobs import planning, selectors
from generation.jobs.selectors import TypedPrompt
from generation.models import Image, Job, JobKind, JobState
from mjweb.accounts.models import User

UPSCALE_KEPT: Final = frozenset({JobState.QUEUED, JobState.RUNNING, JobState.FINISHING, JobState.SUCCEEDED})
SHORT_CHARS: Final = 60


@dataclass(frozen=True, slots=True)
class Cell:
    """One finished picture of a sheet.

    upscaled: this person's upscale of it, once that is finished; working: it has been asked for.
    """

    image: Image
    upscaled: Image | None
    working: bool


@dataclass(frozen=True, slots=True)
class JobCard:
    """A job as its owner sees it.

    words: the prompt without parameters; parameters: its shape and what was typed, for the caption.
    sentence: what happens now, while something does; announcement: what a screen reader is told of the state.
    percent: 0 to 100. can_upscale: whether the model makes pictures of twice this size.
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


def cards_of(user: User) -> QuerySet[Job]:
    """This person's jobs with everything that `job_card` reads, in a fixed number of queries."""
    return selectors.history(user).select_related("checkpoint", "source").prefetch_related("images__children__images")


def job_cards(jobs: Iterable[Job]) -> list[JobCard]:
    """The cards of these jobs, in their order."""
    return [job_card(job) for job in jobs]


def job_card(job: Job) -> JobCard:
    """Everything that the card of this job shows at this moment."""
    plan, snapshot = job.plan, selectors.snapshot(job)
    typed = selectors.typed_prompt(job)
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
    )


def live_sentence(snapshot: JobSnapshot) -> str:
    """What happens now, with its number; empty when nothing does."""
    if snapshot.state == JobState.RUNNING and snapshot.step:
        return f"Step {snapshot.step} of {snapshot.steps}"
    if snapshot.state == JobState.RUNNING:
        return "Starting"
    if snapshot.state == JobState.FINISHING:
        return "Saving"
    if snapshot.position is None:
        return ""
    if snapshot.sentence:
        return snapshot.sentence
    place = "Next in line" if snapshot.position == 1 else f"{ordinal(snapshot.position)} in line"
    return f"{place}, starts in about {snapshot.starts_in_s} s" if snapshot.starts_in_s else place


def _parameters(job: Job, plan: RenderPlan, typed: TypedPrompt) -> tuple[str, ...]:
    if job.kind == JobKind.UPSCALE:
        return ("upscaled", f"{plan.width_px} × {plan.height_px}")  # noqa: RUF001 - the sign between two sizes
    given = dict(typed.parameters)
    model = () if job.checkpoint.is_default or "model" in given else (job.checkpoint.title,)
    words = (
        given.get("ar", "1:1"),
        *(f"{name} {value}".rstrip() for name, value in typed.parameters if name != "ar"),
        *model,
    )
    if job.kind == JobKind.VARY:
        return (*words, "varied subtly" if plan.stages[0].strength <= planning.VARY_STRENGTH["subtle"] else "varied")
    return words


def _cell(job: Job, image: Image) -> Cell:
    """Other people upscale public pictures too; only the owner's own upscale counts here."""
    own = [
        child
        for child in image.children.all()
        if child.owner_id == job.owner_id and child.kind == JobKind.UPSCALE and child.state in UPSCALE_KEPT
    ]
    results = [result for child in own for result in child.images.all()]
    return Cell(image=image, upscaled=results[0] if results else None, working=bool(own))


def _announcement(job: Job, snapshot: JobSnapshot, words: str) -> str:
    short = words if len(words) <= SHORT_CHARS else f"{words[: SHORT_CHARS - 1].rstrip()}…"
    if job.state == JobState.SUCCEEDED:
        count = {1: "The picture is", 4: "Four pictures are"}.get(len(job.plan.seeds), "The pictures are")
        return f"{count} ready: {short}"
    if job.state in {JobState.FAILED, JobState.BLOCKED}:
        return f"{job.error_sentence} {short}"
    if job.state == JobState.CANCELED:
        return f"Canceled: {short}"
    return f"Submitted. {live_sentence(snapshot).removesuffix('.')}."
