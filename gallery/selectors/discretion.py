"""Which pictures are shown without their words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from gallery.models import Publication
from generation.models import Image


def silent_images(images: Sequence[Image]) -> set[UUID]:
    """Those of these pictures whose owners show them without words; a query only where publications are not loaded."""
    known = [image for image in images if Image.publication.is_cached(image)]
    silent = {image.pk for image in known if not getattr(getattr(image, "publication", None), "shows_prompt", True)}
    unknown = {image.pk for image in images} - {image.pk for image in known}
    if unknown:
        kept = Publication.objects.filter(image__in=unknown, shows_prompt=False)
        silent.update(kept.values_list("image_id", flat=True))
    return silent


def begun_in_silence(images: Iterable[Image]) -> set[UUID]:
    """Those of these pictures that tell the words of one which their owner already shows without them.

    They are of one grid with it, of the same prompt once more, or made from it.
    """
    kept = Publication.objects.filter(shows_prompt=False, author=OuterRef("owner"))
    same_words = (
        Q(image__job=OuterRef("job")) | Q(image__job=OuterRef("job__parent")) | Q(image=OuterRef("job__source"))
    )
    told = Image.everything.filter(Exists(kept.filter(same_words)), pk__in=[image.pk for image in images])
    return set(told.values_list("pk", flat=True))
