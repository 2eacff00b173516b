"""What others made of a picture, told to whoever listens."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from django.db import transaction

from gallery.signals import remixed
from generation.models import Image, Visibility


def tell_of_remixes(images: Sequence[Image]) -> None:
    """Sends `remixed` once for each job whose pictures were made from somebody else's, of pictures that all may see.

    What somebody makes in private is nobody's business, not even that of whose picture it began with.
    """
    public = [image.pk for image in images if image.visibility == Visibility.PUBLIC]
    made = Image.objects.filter(pk__in=public, job__source__visibility=Visibility.PUBLIC).select_related("job__source")
    told: set[UUID] = set()
    for image in made.order_by("job_id", "index"):
        source = image.job.source
        if source is not None and source.owner_id != image.owner_id and image.job_id not in told:
            told.add(image.job_id)
            transaction.on_commit(partial(remixed.send_robust, sender=Image, image=image, source=source))
