"""The index that finds near directions: one for each encoder, for each has dimensions of its own.

HNSW (Malkov and Yashunin 2016) as pgvector builds it, over the rows of one encoder, in halves. A new encoder's index is
made when it has few rows, and grows with them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import connection
from psycopg import sql

from generation.models import Embedding

LARGE: Final = 20_000
"""So many rows take seconds; more are indexed by a command, beside which sweeps go on."""
_LOCK: Final = 0x6D6A7764
"""Of whoever builds one: two at once would build the same."""
_STATE: Final = """
SELECT indisvalid FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
 WHERE relname = %s AND indrelid = 'generation_embedding'::regclass
"""
_BUILD: Final = """
CREATE INDEX CONCURRENTLY IF NOT EXISTS {name} ON generation_embedding
 USING hnsw ((direction::halfvec({dimensions})) halfvec_cosine_ops) WITH (m = 16, ef_construction = 100)
 WHERE encoder = {encoder}
"""


def index_directions(encoder: str, *, at_most: int | None = LARGE) -> bool:
    """Makes the index of an encoder where it is missing, or where building it was broken off. Not in a transaction.

    at_most: of more rows it makes none; None: however many there are. Returns whether there is one now.
    """
    name = index_name(encoder)
    if _state(name):
        return True
    seen = Embedding.objects.filter(encoder=encoder)
    first = seen.first()
    if first is None or (at_most is not None and seen[: at_most + 1].count() > at_most):
        return False
    with _alone() as is_alone:
        if is_alone:
            _build(name, encoder, len(first.direction))
    return is_alone


def index_name(encoder: str) -> str:
    """What the index of an encoder is called."""
    return f"embedding_{re.sub(r'[^a-z0-9]', '_', encoder.lower())}"


def _state(name: str) -> bool | None:
    """Whether it can be used; None where there is none."""
    with connection.cursor() as cursor:
        cursor.execute(_STATE, [name])
        row = cursor.fetchone()
    return None if row is None else bool(row[0])


def _build(name: str, encoder: str, dimensions: int) -> None:
    words = {"name": sql.Identifier(name), "dimensions": sql.Literal(dimensions), "encoder": sql.Literal(encoder)}
    with connection.cursor() as cursor:
        if _state(name) is False:
            cursor.execute(sql.SQL("DROP INDEX CONCURRENTLY IF EXISTS {name}").format(**words))
        cursor.execute("SET maintenance_work_mem = '1GB'")
        try:
            cursor.execute(sql.SQL(_BUILD).format(**words))
        finally:
            cursor.execute("RESET maintenance_work_mem")


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether nobody else builds one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        (is_alone,) = cursor.fetchone() or (False,)
        try:
            yield is_alone
        finally:
            if is_alone:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
