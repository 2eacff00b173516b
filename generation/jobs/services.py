"""What people do with jobs: one button, one service, one transaction, one event after commit."""

from __future__ import annotations

import hashlib
import json
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now

from generation.contracts import RenderPlan
from generation.errors import (
    CheckpointRemovedError,
    IdempotencyMismatchError,
    ImageNotFoundError,
    JobNotFinishedError,
    JobNotFoundError,
    QueueFullError,
)
from generation.events.publish import publish
from generation.jobs import planning, queue
from generation.jobs.choosing import models_for
from generation.jobs.selectors import snapshot
from generation.jobs.states import states_before
from generation.models import Image, Job, JobKind, JobState, Visibility
from generation.prompts.parser import parse
from mjweb.accounts.models import User


def submit_prompt(
    owner: User,
    text: str,
    *,
    remix_of: UUID | None = None,
    visibility: str | None = None,
    model: str | None = None,
    idempotency_key: str | None = None,
) -> Job:
    """Imagine: four pictures of a prompt. Sending the same `idempotency_key` again returns the same job.

    visibility: who will see the pictures, where the prompt does not say it itself.
    model: the name of the model that makes them, where the prompt does not say it itself; else it is the one that this
        person chose last.

    Raises:
        PromptErrors: everything that is wrong with the prompt, each with its column.
        CheckpointNotReadyError, UnknownModelError, CheckpointRemovedError, QueueFullError, IdempotencyMismatchError.
        ImageNotFoundError: `remix_of` is not visible to this person.
    """
    models = models_for(owner)
    spec = parse(text, models=models.names or None)
    remixed = visible_image(owner, remix_of) if remix_of else None
    checkpoint = models.pick(spec, model)
    job = Job(
        owner=owner,
        kind=JobKind.REMIX if remixed else JobKind.IMAGINE,
        prompt=text.strip(),
        checkpoint=checkpoint,
        source=remixed,
        visibility=spec.visibility or visibility or Visibility.PUBLIC,
    )
    job.plan = planning.plan_prompt(spec, checkpoint.card)
    request = {"prompt": text, "remix_of": str(remix_of or ""), "visibility": visibility}
    request |= {"model": model} if model else {}
    return _enqueue(job, request=request, idempotency_key=idempotency_key)


def reroll_job(owner: User, job_id: UUID, *, idempotency_key: str | None = None) -> Job:
    """Reroll: the same plan with new seeds.

    Raises:
        JobNotFoundError, CheckpointRemovedError, QueueFullError, IdempotencyMismatchError.
    """
    parent = own_job(owner, job_id)
    job = _child(parent, kind=JobKind.REROLL, plan=planning.plan_reroll(parent.plan), source=parent.source)
    return _enqueue(job, request={"reroll": str(job_id)}, idempotency_key=idempotency_key)


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
    return _enqueue(job, request={"vary": str(image_id), "strength": strength}, idempotency_key=idempotency_key)


def upscale_image(owner: User, image_id: UUID, *, idempotency_key: str | None = None) -> Job:
    """U1-U4: this picture at twice its size. Upscaling one's picture again returns the job that did it.

    Raises:
        ImageNotFoundError, CheckpointRemovedError, QueueFullError, IdempotencyMismatchError.
        ActionNotPossibleError: it is as large as the model makes them.
    """
    image = visible_image(owner, image_id)
    if (done := _upscale_of(owner, image)) is not None:
        return done
    plan = planning.plan_upscale(image.job.plan, image.job.checkpoint.card, seed=image.seed)
    job = _child(image.job, owner=owner, kind=JobKind.UPSCALE, plan=plan, source=image)
    return _enqueue(job, request={"upscale": str(image_id)}, idempotency_key=idempotency_key)


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


def announce(job: Job) -> None:
    """Shows the job's present state on its owner's pages."""
    publish(snapshot(job), owner_id=job.owner_id)


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


@transaction.atomic
def _enqueue(job: Job, *, request: dict[str, Any], idempotency_key: str | None) -> Job:
    """Inserts the job once, then wakes the engines and shows it, after commit."""
    job.idempotency_key = idempotency_key or None
    job.request_hash = hashlib.sha256(json.dumps(request, sort_keys=True).encode()).hexdigest()
    if (earlier := _same_request(job)) is not None:
        return earlier
    _hold_checkpoint(job)
    _refuse_full_queue(job.owner)
    job.steps = planning.planned_steps(job.plan)
    try:
        with transaction.atomic():
            job.save(force_insert=True)
    except IntegrityError:
        if (earlier := _same_request(job) or _same_upscale(job)) is not None:
            return earlier
        raise
    transaction.on_commit(queue.wake_engines)
    transaction.on_commit(partial(announce, job))
    return job


def _same_request(job: Job) -> Job | None:
    """The job that this key made before; None for a new or missing key."""
    if job.idempotency_key is None:
        return None
    earlier = Job.objects.owned_by(job.owner).filter(idempotency_key=job.idempotency_key).first()
    if earlier is not None and earlier.request_hash != job.request_hash:
        msg = "This Idempotency-Key was used for another request. Take a new key."
        raise IdempotencyMismatchError(msg)
    return earlier


def _same_upscale(job: Job) -> Job | None:
    return _upscale_of(job.owner, job.source) if job.kind == JobKind.UPSCALE and job.source else None


def _upscale_of(owner: User, image: Image) -> Job | None:
    """The job of this person that upscales the picture or has done so."""
    working = [JobState.QUEUED, JobState.RUNNING, JobState.FINISHING, JobState.SUCCEEDED]
    return Job.objects.owned_by(owner).filter(kind=JobKind.UPSCALE, source=image, state__in=working).first()


def _hold_checkpoint(job: Job) -> None:
    """Keeps the job's checkpoint from being removed until the job is there; refuses one that is gone already.

    The foreign key would lock the row too, but only at the end of the transaction.
    """
    with connection.cursor() as cursor:
        query = "SELECT removed_at FROM generation_checkpoint WHERE id = %s FOR KEY SHARE"
        cursor.execute(query, [job.checkpoint_id])
        row = cursor.fetchone()
    if row != (None,):
        name = job.checkpoint.name
        msg = f"The model {name} was removed from this server. Use the prompt again with another one."
        raise CheckpointRemovedError(msg, model=name)


def _refuse_full_queue(owner: User) -> None:
    limit = settings.MJWEB_MAX_WAITING_JOBS
    if Job.objects.owned_by(owner).waiting().count() >= limit:
        msg = f"You have {limit} jobs in line. Wait until one starts, or cancel one."
        raise QueueFullError(msg, limit=limit)
