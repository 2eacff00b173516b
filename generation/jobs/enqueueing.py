"""Jobs come into the queue: all that belong together or none, once per key, and woken for after commit."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from generation.errors import CheckpointRemovedError, IdempotencyMismatchError, QueueFullError
from generation.events.publish import publish
from generation.jobs import planning, queue
from generation.jobs.lanes import settle_lanes
from generation.jobs.moderation import moderate, take_over_levels
from generation.jobs.selectors import snapshot
from generation.models import Image, Job, JobKind, JobSource, JobState, PromptGroup
from mjweb.accounts.models import User
from mjweb.accounts.suspension import refuse_suspended
from mjweb.common.saying import say

USUAL_UPSCALE: Final = "2x"
"""Upscales that were made before there were several kinds name none, and were of this one."""


@dataclass(frozen=True, slots=True)
class NewJob:
    """A job that is about to be, and the pictures that its plan needs, in order. Neither is saved."""

    job: Job
    sources: tuple[JobSource, ...] = ()


def request_hash(request: Mapping[str, Any]) -> str:
    """What tells one request from another under the same key."""
    return hashlib.sha256(json.dumps(request, sort_keys=True).encode()).hexdigest()


@transaction.atomic
def enqueue(
    new: Sequence[NewJob], *, request: Mapping[str, Any], idempotency_key: str | None, prompt: str = ""
) -> list[Job]:
    """Inserts jobs of one person once, in order; wakes the engines and shows them after commit.

    Those that a rule blocks are inserted as blocked: they say why, cost nothing and take no place in the line.

    request: what was asked, for telling it from another request under the same key.
    prompt: what several jobs came of together, as it was typed.

    Raises:
        IdempotencyMismatchError, CheckpointRemovedError, QueueFullError, FastTimeSpentError, SuspendedError,
        ActionNotPossibleError (a withheld picture): none of them is made.
    """
    first, hashed = new[0].job, request_hash(request)
    if earlier := same_request(first.owner, idempotency_key, hashed):
        return earlier
    first.idempotency_key, first.request_hash = idempotency_key or None, hashed
    _hold_checkpoints({one.job.checkpoint_id: one.job.checkpoint.name for one in new})
    refuse_suspended(first.owner)
    waiting = _moderated(new)
    _refuse_full_queue(first.owner, len(waiting))
    settle_lanes(first.owner, waiting)
    try:
        with transaction.atomic():
            _insert(new, prompt)
    except IntegrityError:
        if earlier := same_request(first.owner, idempotency_key, hashed) or _same_upscale(first):
            return earlier
        raise
    if waiting:
        transaction.on_commit(queue.wake_engines)
    for one in new:
        transaction.on_commit(partial(announce, one.job))
    return [one.job for one in new]


def same_request(owner: User, key: str | None, hashed: str) -> list[Job]:
    """The jobs that this key made before, in order; none for a new or missing key.

    Raises:
        IdempotencyMismatchError: the key came with another request.
    """
    earlier = Job.objects.owned_by(owner).filter(idempotency_key=key).first() if key else None
    if earlier is None:
        return []
    if earlier.request_hash != hashed:
        msg = say("This Idempotency-Key was used for another request. Take a new key.")
        raise IdempotencyMismatchError(msg)
    return jobs_beside(earlier)


def jobs_beside(job: Job) -> list[Job]:
    """All jobs that came of the same prompt, in order; itself alone where it is one of its own."""
    if job.group_id is None:
        return [job]
    return list(Job.objects.filter(group=job.group_id).select_related("checkpoint", "source").order_by("group_place"))


def upscale_of(owner: User, image: Image, variant: str) -> Job | None:
    """The job of this person that upscales the picture in this way or has done so."""
    working = [JobState.QUEUED, JobState.RUNNING, JobState.FINISHING, JobState.SUCCEEDED]
    same = [variant, ""] if variant == USUAL_UPSCALE else [variant]
    own = Job.objects.owned_by(owner).filter(kind=JobKind.UPSCALE, source=image, variant__in=same)
    return own.filter(state__in=working).first()


def announce(job: Job) -> None:
    """Shows the job's present state on its owner's pages."""
    publish(snapshot(job), owner_id=job.owner_id)


def _moderated(new: Sequence[NewJob]) -> list[Job]:
    """The jobs that no rule blocks; all know their level then."""
    moderate([one.job for one in new])
    for one in new:
        named = [source.image for source in one.sources if source.image]
        take_over_levels(one.job, [*named, *([one.job.source] if one.job.source else [])])
    return [one.job for one in new if one.job.state == JobState.QUEUED]


def _insert(new: Sequence[NewJob], prompt: str) -> None:
    group = PromptGroup.objects.create(owner=new[0].job.owner, prompt=prompt) if len(new) > 1 else None
    for place, one in enumerate(new):
        one.job.group, one.job.group_place = group, place
        one.job.steps = planning.planned_steps(one.job.plan)
        one.job.save(force_insert=True)
        for source in one.sources:
            source.job = one.job
    JobSource.objects.bulk_create(source for one in new for source in one.sources)


def _same_upscale(job: Job) -> list[Job]:
    done = upscale_of(job.owner, job.source, job.variant) if job.kind == JobKind.UPSCALE and job.source else None
    return [done] if done else []


def _hold_checkpoints(names: Mapping[int, str]) -> None:
    """Keeps the jobs' checkpoints from being removed until the jobs are there; refuses one that is gone already.

    The foreign key would lock the rows too, but only at the end of the transaction.
    """
    with connection.cursor() as cursor:
        query = (
            "SELECT id FROM generation_checkpoint WHERE id = ANY(%s) AND removed_at IS NULL ORDER BY id FOR KEY SHARE"
        )
        cursor.execute(query, [list(names)])
        held: Collection[int] = {row[0] for row in cursor.fetchall()}
    if gone := next((name for key, name in names.items() if key not in held), None):
        msg = say("The model {gone} was removed from this server. Use the prompt again with another one.", gone=gone)
        raise CheckpointRemovedError(msg, model=gone)


def _refuse_full_queue(owner: User, more: int) -> None:
    limit = settings.MJWEB_MAX_WAITING_JOBS
    waiting = Job.objects.owned_by(owner).waiting().count()
    if waiting + more <= limit:
        return
    if more == 1:
        msg = say("You have {limit} jobs in line. Wait until one starts, or cancel one.", limit=limit)
    else:
        room = max(0, limit - waiting)
        msg = say(
            "This prompt makes {more} jobs, and you have room for {room} of {limit} in line.",
            more=more,
            room=room,
            limit=limit,
        )
    raise QueueFullError(msg, limit=limit)
