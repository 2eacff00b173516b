"""Trying again what came to nothing: the same job once more, as whichever button had made it."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from generation.jobs.enqueueing import NewJob, enqueue
from generation.jobs.records import sources_of
from generation.jobs.services import own_job
from generation.models import Job, JobSource, JobState
from mjweb.accounts.models import User

_CAME_TO_NOTHING: Final = {JobState.FAILED, JobState.CANCELED}


def retry_job(owner: User, job_id: UUID) -> Job:
    """Try again: the same plan with the same seeds and pictures. Pressing twice makes one job.

    A job that has neither failed nor been canceled is answered as it is.

    Raises:
        JobNotFoundError, CheckpointRemovedError, QueueFullError.
    """
    ended = own_job(owner, job_id)
    if ended.state not in _CAME_TO_NOTHING:
        return ended
    job = Job(
        owner=owner,
        kind=ended.kind,
        variant=ended.variant,
        prompt=ended.prompt,
        checkpoint=ended.checkpoint,
        source=ended.source,
        parent=ended.parent,
        visibility=ended.visibility,
        lane=ended.lane,
        notes=ended.notes,
    )
    job.plan = ended.plan
    pictures = tuple(
        JobSource(position=one.position, role=one.role, image=one.image, upload=one.upload) for one in sources_of(ended)
    )
    return enqueue([NewJob(job, pictures)], request={"retry": str(job_id)}, idempotency_key=f"retry {job_id}")[0]
