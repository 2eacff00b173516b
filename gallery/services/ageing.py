"""Pictures grow older, and leave the indexes of what is young."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.utils import timezone

from gallery.models import Publication

STEPS: Final = ((3, timedelta(days=1)), (2, timedelta(days=7)), (1, timedelta(days=30)))
"""How old a publication of each recency may be; the youngest first, so that one that was missed goes all the way."""


def lower_recency() -> int:
    """Lowers `recency` where it is too high. Nothing is wrong meanwhile: the top of a day asks for the time as well.

    Safe to repeat. Returns how many steps were taken.
    """
    taken = 0
    for recency, age in STEPS:
        outgrown = Publication.objects.filter(
            is_listed=True, recency__gte=recency, recency__lte=recency, published_at__lt=timezone.now() - age
        )
        taken += outgrown.update(recency=recency - 1)
    return taken
