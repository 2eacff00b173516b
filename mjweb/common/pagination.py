"""Keyset pages: equally quick at any depth, and nothing shifts when something new arrives."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db.models import DateTimeField, FloatField, Model, Q, QuerySet, UUIDField
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan

from mjweb.common.errors import InvalidInputError
from mjweb.common.saying import say

Row = TypeVar("Row", bound=Model)
Number = TypeVar("Number", int, float)


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows in their order, and the cursor of the next page (None on the last)."""

    rows: list[Row]
    next_cursor: str | None


def keyset_page(queryset: QuerySet[Row], *, cursor: str | None, size: int, order: str = "-created_at") -> Page[Row]:
    """The page after `cursor`, ordered by a field and, where it is equal, by the primary key.

    order: a field of the model, a time or a number; `-` before it for the largest first.

    Raises:
        InvalidInputError: the cursor is not one of ours.
    """
    name, down = order.removeprefix("-"), order.startswith("-")
    if cursor:
        queryset = queryset.filter(_after(queryset, name, cursor, down=down))
    sign = "-" if down else ""
    rows = list(queryset.order_by(order, f"{sign}pk")[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    return Page(rows, cursor_after(rows[-1], order=order) if more else None)


def cursor_after(row: Model, *, order: str = "-created_at") -> str:
    """The cursor of what follows a row in this order."""
    return _encode(getattr(row, order.removeprefix("-")), row.pk)


def _after(queryset: QuerySet[Row], name: str, cursor: str, *, down: bool) -> Q:
    """One comparison of pairs: an index finds its place, where alternatives would be read from the beginning."""
    meta = queryset.model._meta  # noqa: SLF001 - Django's documented door
    field = meta.get_field(name)
    value, key = _decode(cursor, getattr(field, "output_field", field), meta.pk)
    compare = TupleLessThan if down else TupleGreaterThan
    return Q(compare(Tuple(name, "pk"), (value, key)))


def _encode(value: object, key: object) -> str:
    told = value.isoformat() if isinstance(value, datetime) else value
    text = json.dumps([told, key if isinstance(key, int) else str(key)])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _decode(cursor: str, field: Any, pk: Any) -> tuple[datetime | float, UUID | int]:
    try:
        value, key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return _read_value(value, field), UUID(key) if isinstance(pk, UUIDField) else _read_number(key, int)
    except (ValueError, TypeError, AttributeError, binascii.Error, RecursionError) as error:
        sentence = say("This page link is damaged. Start again from the top.")
        raise InvalidInputError(sentence, parameter="cursor") from error


def _read_value(value: Any, field: Any) -> datetime | float:
    """The value as its field has it; a cursor of another order holds none.

    Raises:
        ValueError, TypeError: it is something else.
    """
    if not isinstance(field, DateTimeField):
        return _read_number(value, float if isinstance(field, FloatField) else int)
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError(value)
    return moment


def _read_number(value: Any, kind: type[Number]) -> Number:
    if not isinstance(value, kind):
        raise TypeError(value)
    return value
