"""The end of the trash: rows first, then the files that nothing names any more. It never loses a picture."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from functools import partial
from typing import Final, cast

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now

from generation.models import Image, JobSource, LeftFile, Upload
from generation.models.image import RENDITION_SIDES_PX
from generation.models.job import ACTIVE_STATES
from mjweb.common.storage import ContentAddressedStorage

TRASH_DAYS: Final = 30
BATCH: Final = 200
IN_USE_S: Final = 3600
"""A file that was saved within the last hour may be about to get its row: a worker writes files first."""


@transaction.atomic
def empty_trash() -> int:
    """Removes pictures that lay in the trash for thirty days, at most 200 at a time. Returns how many.

    One that a waiting job starts from stays until that job has ended.
    Any number of sweeps may run at once. A crash after the rows are gone leaves files that no row names.

    Effects: after commit their files go, unless another picture or an upload has the same content.
    """
    needed = JobSource.objects.filter(image=OuterRef("pk"), job__state__in=ACTIVE_STATES)
    over = Image.everything.filter(~Exists(needed), trashed_at__lt=Now() - timedelta(days=TRASH_DAYS))
    images = list(over.select_for_update(skip_locked=True).order_by("trashed_at")[:BATCH])
    Image.everything.filter(pk__in=[image.pk for image in images]).delete()
    transaction.on_commit(partial(remove_unnamed, {image.sha256 for image in images}))
    return len(images)


def remove_left_files(*, limit: int = 5 * BATCH) -> int:
    """Looks again for files of people who left, once nobody can be about to name them. Returns how many contents."""
    since = Now() - timedelta(seconds=2 * IN_USE_S)
    left = LeftFile.objects.filter(left_at__lt=since).order_by("left_at")[:limit]
    hashes = list(left.values_list("sha256", flat=True))
    remove_unnamed(hashes)
    LeftFile.objects.filter(sha256__in=hashes).delete()
    return len(hashes)


def remove_unnamed(hashes: Collection[str]) -> None:
    """Removes the files of these contents that no picture and no upload names any more.

    hashes: SHA-256 of the originals. One that is in use at this moment stays.
    """
    named = {*Image.everything.filter(sha256__in=hashes).values_list("sha256", flat=True)}
    named |= {*Upload.objects.filter(sha256__in=hashes).values_list("sha256", flat=True)}
    storage = cast("ContentAddressedStorage", default_storage)
    for image in (Image(sha256=sha256) for sha256 in hashes if sha256 not in named):
        for name in (image.original_name, *map(image.rendition_name, RENDITION_SIDES_PX)):
            storage.delete_unused(name, since_s=IN_USE_S)
