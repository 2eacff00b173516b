"""What people do with jobs: one button, one service, one transaction, one event after commit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from generation.contracts import RenderPlan
from generation.errors import ImageNotFoundError, JobNotFinishedError, JobNotFoundError
from generation.jobs import imagining, planning
from generation.jobs.choosing import models_for
from generation.jobs.enqueueing import NewJob, announce, enqueue, request_hash, same_request, upscale_of
from generation.jobs.imagining import Resolved
from generation.jobs.option_sets import wishes_of
from generation.jobs.pictures import Picture, find_pictures
from generation.jobs.records import sources_of
from generation.jobs.states import states_before
from generation.models import Image, Job, JobKind, JobSource, JobState, SourceRole, Visibility
from mjweb.accounts.models import User


def submit_prompt(owner: User, text: str, **options: Any) -> Job:
    """Imagine, for whoever expects one job: of a prompt that makes several it is the first. As `submit_prompts`."""
    return submit_prompts(owner, text, **options)[0]


def submit_prompts(
    owner: User,
    text: str,
    *,
    remix_of: UUID | None = None,
    visibility: str | None = None,
    model: str | None = None,
    idempotency_key: str | None = None,
) -> list[Job]:
    """Imagine: four pictures of a prompt, or of each that its permutations and `--repeat` make; all of them or none.

    Sending the same `idempotency_key` again returns the same jobs.

    visibility: who will see the pictures, where the prompt does not say it itself.
    model: the name of the model that makes them, where the prompt does not say it itself; else it is the one that this
        person chose last.

    Effects: pictures that the prompt names by an address elsewhere are fetched and kept as uploads of this person.

    Raises:
        PromptErrors: everything that is wrong with the prompt, each with its column; too many jobs is one of them.
        CheckpointNotReadyError, UnknownModelError, CheckpointRemovedError, QueueFullError, IdempotencyMismatchError.
        ImageNotFoundError: `remix_of`, or a picture that the prompt names, is not visible to this person.
        UploadNotFoundError, PictureRefusedError, TooManyUploadsError: of a picture that the prompt names.
    """
    request = {"prompt": text, "remix_of": str(remix_of or ""), "visibility": visibility}
    request |= {"model": model} if model else {}
    if earlier := same_request(owner, idempotency_key, request_hash(request)):
        return earlier
    remixed = visible_image(owner, remix_of) if remix_of else None
    new = [
        _imagined(owner, one, pictures, remixed=remixed, visibility=visibility)
        for one, pictures in _resolved(owner, text, model)
    ]
    return enqueue(new, request=request, idempotency_key=idempotency_key, prompt=text.strip())


def reroll_job(owner: User, job_id: UUID, *, idempotency_key: str | None = None) -> Job:
    """Reroll: the same plan with new seeds.

    Raises:
        JobNotFoundError, CheckpointRemovedError, QueueFullError, IdempotencyMismatchError.
    """
    parent = own_job(owner, job_id)
    job = _child(parent, kind=JobKind.REROLL, plan=planning.plan_reroll(parent.plan), source=parent.source)
    job.lane, job.notes = parent.lane, parent.notes
    same = tuple(
        JobSource(position=one.position, role=one.role, image=one.image, upload=one.upload)
        for one in sources_of(parent)
    )
    return enqueue([NewJob(job, same)], request={"reroll": str(job_id)}, idempotency_key=idempotency_key)[0]


def vary_image(
    owner: User,
    image_id: UUID,
    *,
    strength: planning.VaryStrength = "strong",
    idempotency_key: str | None = None,
) -> Job:
    """V1-V4: four new pictures that start from this one.

    Raises:
        ImageNotFoundError, CheckpointRemovedError, QueueFullError, IdempotencyMismatchError.
    """
    image = visible_image(owner, image_id)
    plan = planning.plan_variation(image.job.plan, image.job.checkpoint.card, strength=strength)
    job = _child(image.job, owner=owner, kind=JobKind.VARY, plan=plan, source=image)
    new = NewJob(job, _start(image))
    return enqueue([new], request={"vary": str(image_id), "strength": strength}, idempotency_key=idempotency_key)[0]


def upscale_image(owner: User, image_id: UUID, *, idempotency_key: str | None = None) -> Job:
    """U1-U4: this picture at twice its size. Upscaling one's picture again returns the job that did it.

    Raises:
        ImageNotFoundError, CheckpointRemovedError, QueueFullError, IdempotencyMismatchError.
        ActionNotPossibleError: it is as large as the model makes them.
    """
    image = visible_image(owner, image_id)
    if (done := upscale_of(owner, image)) is not None:
        return done
    plan = planning.plan_upscale(image.job.plan, image.job.checkpoint.card, seed=image.seed)
    job = _child(image.job, owner=owner, kind=JobKind.UPSCALE, plan=plan, source=image)
    new = NewJob(job, _start(image))
    return enqueue([new], request={"upscale": str(image_id)}, idempotency_key=idempotency_key)[0]


@transaction.atomic
def cancel_job(owner: User, job_id: UUID) -> Job:
    """Cancel: ends a waiting or running job at once; a finished one stays as it is.

    Effects: the worker notices at its next write that the job is no longer its own, and drops the work.

    Raises:
        JobNotFoundError: no such job of this person.
    """
    own = Job.objects.owned_by(owner).filter(pk=job_id)
    changed = own.filter(state__in=states_before(JobState.CANCELED)).update(
        state=JobState.CANCELED, finished_at=Now(), lease_until=None
    )
    job = own_job(owner, job_id)
    if changed:
        transaction.on_commit(partial(announce, job))
    return job


def own_job(owner: User, job_id: UUID) -> Job:
    """The job, which must be this person's own.

    Raises:
        JobNotFoundError: it is not.
    """
    job = Job.objects.owned_by(owner).select_related("checkpoint", "source").filter(pk=job_id).first()
    if job is None:
        msg = "There is no such job."
        raise JobNotFoundError(msg)
    return job


def visible_image(user: User, image_id: UUID) -> Image:
    """The picture, which this person must be allowed to see.

    Raises:
        ImageNotFoundError: there is none, or it is somebody else's private one.
    """
    image = Image.objects.visible_to(user).select_related("job__checkpoint").filter(pk=image_id).first()
    if image is None:
        msg = "There is no such picture."
        raise ImageNotFoundError(msg)
    return image


def image_of_job(owner: User, job_id: UUID, index: int) -> Image:
    """Picture `index` (1-4) of a person's own finished job.

    Raises:
        JobNotFoundError, ImageNotFoundError.
        JobNotFinishedError: its pictures are not there yet.
    """
    job = own_job(owner, job_id)
    if job.state != JobState.SUCCEEDED:
        msg = "This job has no pictures yet."
        raise JobNotFinishedError(msg, state=job.state)
    image = job.images.filter(index=index).first()
    if image is None:
        msg = f"This job has no picture {index}."
        raise ImageNotFoundError(msg, index=index)
    return image


def _resolved(owner: User, text: str, model: str | None) -> list[tuple[Resolved, dict[str, Picture]]]:
    """Every job of a prompt in numbers, in order, with the pictures that it names."""
    wishes, models = wishes_of(owner), models_for(owner)
    expansion = imagining.open_out(text, wishes, models)
    read = imagining.read_children(text, expansion, models, wishes, model=model)
    pictures = find_pictures(owner, (reference for child in read.values() for reference in child.references))
    painted: Counter[str] = Counter()
    resolved = []
    for prompt in expansion.prompts:
        resolved.append((imagining.resolve(read[prompt], pictures, repeated=painted[prompt]), pictures))
        painted[prompt] += 1
    return resolved


def _imagined(
    owner: User, one: Resolved, pictures: Mapping[str, Picture], *, remixed: Image | None, visibility: str | None
) -> NewJob:
    """A job of one child of a prompt, and the rows of its pictures."""
    job = Job(
        owner=owner,
        kind=JobKind.REMIX if remixed else JobKind.IMAGINE,
        prompt=one.child.prompt.strip(),
        checkpoint=one.child.checkpoint,
        source=remixed,
        visibility=one.child.spec.visibility or visibility or Visibility.PUBLIC,
        lane=one.meaning.lane,
        notes=[note.to_json() for note in one.notes],
    )
    job.plan = one.meaning.plan
    named = enumerate(one.meaning.pictures)
    return NewJob(job, tuple(pictures[name.reference].as_source(at, name.role) for at, name in named))


def _child(parent: Job, *, kind: JobKind, plan: RenderPlan, source: Image | None, owner: User | None = None) -> Job:
    """A job made from another one: same words, same checkpoint, same visibility, and the link between them."""
    job = Job(
        owner=owner or parent.owner,
        kind=kind,
        prompt=parent.prompt,
        checkpoint=parent.checkpoint,
        source=source,
        parent=parent,
        visibility=parent.visibility,
    )
    job.plan = plan
    return job


def _start(image: Image) -> tuple[JobSource, ...]:
    """What a job needs that starts from one picture."""
    return (JobSource(position=0, role=SourceRole.START, image=image),)
