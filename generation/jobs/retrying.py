"""Trying again what came to nothing: the same job once more, as whichever button had made it."""

from __future__ import annotations

from uuid import UUID

from generation.jobs.enqueueing import NewJob, enqueue
from generation.jobs.records import sources_of
from generation.jobs.services import own_job
from generation.models import Job, JobSource, JobState
from mjweb.accounts.models import User


def retry_job(owner: User, job_id: UUID) -> Job:
    """Try again: the same plan with the same seeds and pictures. Pressing twice makes one job.

    A job that has not failed is answered as it is.

    Raises:
        JobNotFoundError, CheckpointRemovedError, QueueFullError.
    """
    failed = own_job(owner, job_id)
    if failed.state != JobState.FAILED:
        return failed
    job = Job(
        owner=owner,
        kind=failed.kind,
        variant=failed.variant,
        prompt=failed.prompt,
        checkpoint=failed.checkpoint,
        source=failed.source,
        parent=failed.parent,
        visibility=failed.visibility,
        lane=failed.lane,
        notes=failed.notes,
    )
    job.plan = failed.plan
    pictures = tuple(
        JobSource(position=one.position, role=one.role, image=one.image, upload=one.upload)
        for one in sources_of(failed)
    )
    return enqueue([NewJob(job, pictures)], request={"retry": str(job_id)}, idempotency_key=f"retry {job_id}")[0]
