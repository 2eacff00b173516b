"""The end of a person's account in this room: their jobs stop at once, their pictures go a batch at a time."""

from __future__ import annotations

from functools import partial
from typing import Final

from django.db import transaction
from django.db.models.functions import Now

from generation.jobs.emptying import remove_unnamed
from generation.jobs.states import states_before
from generation.models import Image, Job, JobState, LeftFile, Upload, Visibility
from mjweb.accounts.models import User

BATCH: Final = 200


@transaction.atomic
def stop_and_hide(person: User) -> None:
    """Cancels whatever of theirs waits or runs, and shows none of their pictures to anybody any more."""
    Job.objects.owned_by(person).filter(state__in=states_before(JobState.CANCELED)).update(
        state=JobState.CANCELED, finished_at=Now(), lease_until=None
    )
    Image.everything.owned_by(person).exclude(visibility=Visibility.PRIVATE).update(visibility=Visibility.PRIVATE)


@transaction.atomic
def remove_pictures(person: User, *, limit: int = BATCH) -> int:
    """Removes pictures and uploads of theirs, at most `limit` of each. Returns how many there were.

    What others made of them stays theirs: their jobs keep their words and lose the link.

    Effects: after commit the files go, unless a picture or an upload of somebody else has the same content. What was
    saved within the last hour stays for so long: somebody may be about to name it.
    """
    images = list(Image.everything.owned_by(person).order_by("pk")[:limit])
    uploads = list(Upload.objects.owned_by(person).order_by("pk")[:limit])
    Image.everything.filter(pk__in=[image.pk for image in images]).delete()
    Upload.objects.filter(pk__in=[upload.pk for upload in uploads]).delete()
    hashes = {image.sha256 for image in images} | {upload.sha256 for upload in uploads}
    LeftFile.objects.bulk_create((LeftFile(sha256=sha256) for sha256 in hashes), ignore_conflicts=True)
    transaction.on_commit(partial(remove_unnamed, hashes))
    return len(images) + len(uploads)
