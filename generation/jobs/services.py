"""What people do with jobs: one button, one service, one transaction, one event after commit.

The front door of this room's buttons: each lies in the room of its kind, and is found here.
"""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from generation.jobs.access import image_of_job, own_job, visible_image
from generation.jobs.acting import (
    pan_image,
    reroll_job,
    rerun_job,
    square_image,
    upscale_image,
    vary_image,
    zoom_image,
)
from generation.jobs.enqueueing import announce
from generation.jobs.states import states_before
from generation.jobs.submitting import blend_images, submit_prompt, submit_prompts
from generation.models import Job, JobState
from mjweb.accounts.models import User

__all__ = [
    "blend_images",
    "cancel_job",
    "image_of_job",
    "own_job",
    "pan_image",
    "reroll_job",
    "rerun_job",
    "square_image",
    "submit_prompt",
    "submit_prompts",
    "upscale_image",
    "vary_image",
    "visible_image",
    "zoom_image",
]


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
