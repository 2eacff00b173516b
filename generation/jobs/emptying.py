"""The end of the trash: rows first, then the files that nothing names any more. It never loses a picture."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Final, cast

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now

from generation.models import Image, JobSource, Upload
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
    transaction.on_commit(partial(_remove_files, images))
    return len(images)


def _remove_files(images: list[Image]) -> None:
    by_hash = {image.sha256: image for image in images}
    named = {*Image.everything.filter(sha256__in=by_hash).values_list("sha256", flat=True)}
    named |= {*Upload.objects.filter(sha256__in=by_hash).values_list("sha256", flat=True)}
    storage = cast("ContentAddressedStorage", default_storage)
    for image in (image for sha256, image in by_hash.items() if sha256 not in named):
        for name in (image.original_name, *map(image.rendition_name, RENDITION_SIDES_PX)):
            storage.delete_unused(name, since_s=IN_USE_S)
