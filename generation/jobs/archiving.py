"""Many pictures as one ZIP, sent while it is read: it is never whole in memory or on the disk."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass

from django.core.files.storage import default_storage
from zipstream import ZIP_STORED, ZipStream

from generation.models import Image
from mjweb.common.archives import pieces_of, sent


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
        stream.add(pieces_of(image.original_name), name, size=size_bytes)
    return Archive(len(stream), sent(iter(stream)))


def _named(images: Iterable[Image]) -> Iterator[tuple[str, Image]]:
    """Date, seed and index; what was made of a picture by the same seed on the same day gets a number."""
    seen: Counter[str] = Counter()
    for image in images:
        name = f"mjweb-{image.created_at:%Y-%m-%d}-{image.seed}-{image.index}"
        seen[name] += 1
        yield f"{name}{f'-{seen[name]}' if seen[name] > 1 else ''}.png", image
