"""How much a person keeps."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q, Sum
from django.utils import timezone

from generation.jobs.emptying import TRASH_DAYS
from generation.models import Image
from mjweb.accounts.models import User


@dataclass(frozen=True, slots=True)
class StorageUsed:
    """Pictures and the bytes of their PNGs, in the trash or not.

    first_goes_at: when the oldest picture of the trash is removed; None while it is empty.
    """

    pictures: int
    size_bytes: int
    trashed: int
    trashed_bytes: int
    first_goes_at: datetime | None

    @property
    def days_left(self) -> int:
        """How many days the oldest picture of the trash has, 1 on its last; 0 when it is over, or none is there."""
        return max(0, math.ceil((self.first_goes_at - timezone.now()) / timedelta(days=1))) if self.first_goes_at else 0


def storage_used(user: User) -> StorageUsed:
    """What this person keeps, hidden pictures included; in one query."""
    kept = Q(trashed_at=None)
    sums = Image.everything.owned_by(user).aggregate(
        kept=Count("pk", filter=kept),
        kept_bytes=Sum("size_bytes", filter=kept, default=0),
        thrown=Count("trashed_at"),
        thrown_bytes=Sum("size_bytes", filter=~kept, default=0),
        first=Min("trashed_at"),
    )
    return StorageUsed(
        pictures=sums["kept"],
        size_bytes=sums["kept_bytes"],
        trashed=sums["thrown"],
        trashed_bytes=sums["thrown_bytes"],
        first_goes_at=sums["first"] and sums["first"] + timedelta(days=TRASH_DAYS),
    )
