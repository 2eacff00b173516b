"""Many pictures as one ZIP, sent while it is read: it is never whole in memory or on the disk."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from asgiref.sync import sync_to_async
from django.core.files.storage import default_storage
from zipstream import ZIP_STORED, ZipStream

from generation.models import Image

CHUNK_BYTES: Final = 256 * 1024


@dataclass(frozen=True, slots=True)
class Archive:
    """A ZIP to be sent. size_bytes: of the whole, known before; chunks: it, in order, once.

    Pictures are stored as they are: a PNG does not become smaller by being packed again.
    """

    size_bytes: int
    chunks: AsyncIterator[bytes]


def archive_of(images: Iterable[Image]) -> Archive:
    """The archive of these pictures. One whose file is gone is left out."""
    stream = ZipStream(compress_type=ZIP_STORED, sized=True)
    for name, image in _named(images):
        try:
            size_bytes = default_storage.size(image.original_name)
        except FileNotFoundError:
            continue
        stream.add(_pieces(image.original_name), name, size=size_bytes)
    return Archive(len(stream), _read_elsewhere(iter(stream)))


def _named(images: Iterable[Image]) -> Iterator[tuple[str, Image]]:
    """Date, seed and index; what was made of a picture by the same seed on the same day gets a number."""
    seen: Counter[str] = Counter()
    for image in images:
        name = f"mjweb-{image.created_at:%Y-%m-%d}-{image.seed}-{image.index}"
        seen[name] += 1
        yield f"{name}{f'-{seen[name]}' if seen[name] > 1 else ''}.png", image


def _pieces(name: str) -> Iterator[bytes]:
    with default_storage.open(name) as file:
        yield from file.chunks(CHUNK_BYTES)


async def _read_elsewhere(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Reads in a thread, so that the event loop goes on; small pieces travel together."""
    while chunk := await sync_to_async(_gather, thread_sensitive=False)(pieces):
        yield chunk


def _gather(pieces: Iterator[bytes]) -> bytes:
    gathered = bytearray()
    while len(gathered) < CHUNK_BYTES and (piece := next(pieces, None)) is not None:
        gathered += piece
    return bytes(gathered)
