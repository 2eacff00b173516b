"""Keyset pages: equally quick at any depth, and nothing shifts when something new arrives."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from mjweb.common.errors import InvalidInputError

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows newest first, and the cursor of the next page (None on the last)."""

    rows: list[Row]
    next_cursor: str | None


def keyset_page(queryset: QuerySet[Row], *, cursor: str | None, size: int, time_field: str = "created_at") -> Page[Row]:
    """The page after `cursor`, ordered by (`time_field`, primary key), newest first.

    Raises:
        InvalidInputError: the cursor is not one of ours.
    """
    if cursor:
        moment, key = _decode(cursor)
        queryset = queryset.filter(Q(**{f"{time_field}__lt": moment}) | Q(**{time_field: moment, "pk__lt": key}))
    rows = list(queryset.order_by(f"-{time_field}", "-pk")[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    return Page(rows, _encode(getattr(rows[-1], time_field), rows[-1].pk) if more else None)


def _encode(moment: datetime, key: object) -> str:
    return base64.urlsafe_b64encode(json.dumps([moment.isoformat(), str(key)]).encode()).decode().rstrip("=")


def _decode(cursor: str) -> tuple[datetime, UUID]:
    try:
        moment, key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return datetime.fromisoformat(moment), UUID(key)
    except (ValueError, TypeError, AttributeError, binascii.Error) as error:
        msg = "This page link is damaged. Start again from the top."
        raise InvalidInputError(msg, parameter="cursor") from error
