"""Jobs and pictures by their ids, as far as the person who asks may have them."""

from __future__ import annotations

from uuid import UUID

from generation.errors import ImageNotFoundError, JobNotFinishedError, JobNotFoundError
from generation.models import Image, Job, JobState
from mjweb.accounts.models import User
from mjweb.common.saying import say


def own_job(owner: User, job_id: UUID) -> Job:
    """The job, which must be this person's own.

    Raises:
        JobNotFoundError: it is not.
    """
    job = Job.objects.owned_by(owner).select_related("checkpoint", "source").filter(pk=job_id).first()
    if job is None:
        msg = say("There is no such job.")
        raise JobNotFoundError(msg)
    return job


def visible_image(user: User, image_id: UUID) -> Image:
    """The picture, which this person must be allowed to see.

    Raises:
        ImageNotFoundError: there is none, or it is somebody else's private one.
    """
    image: Image | None = Image.objects.visible_to(user).select_related("job__checkpoint").filter(pk=image_id).first()
    if image is None:
        msg = say("There is no such picture.")
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
        msg = say("This job has no pictures yet.")
        raise JobNotFinishedError(msg, state=job.state)
    image = job.images.filter(index=index).first()
    if image is None:
        msg = say("This job has no picture {index}.", index=index)
        raise ImageNotFoundError(msg, index=index)
    return image
