"""ZIPs that are sent while they are made: never whole in memory or on the disk."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Final

from asgiref.sync import sync_to_async
from django.core.files.storage import default_storage

CHUNK_BYTES: Final = 256 * 1024


def pieces_of(name: str) -> Iterator[bytes]:
    """A stored file in pieces."""
    with default_storage.open(name) as file:
        yield from file.chunks(CHUNK_BYTES)


async def sent(pieces: Iterator[bytes], *, in_one_thread: bool = False) -> AsyncIterator[bytes]:
    """The pieces, read outside the event loop so that it goes on; small ones travel together.

    in_one_thread: whether they need the thread of their request, because making them asks the database.
    """
    while chunk := await sync_to_async(_gather, thread_sensitive=in_one_thread)(pieces):
        yield chunk


def _gather(pieces: Iterator[bytes]) -> bytes:
    gathered = bytearray()
    while len(gathered) < CHUNK_BYTES and (piece := next(pieces, None)) is not None:
        gathered += piece
    return bytes(gathered)
