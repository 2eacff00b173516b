"""Many pictures as one ZIP."""

from __future__ import annotations

import asyncio
import io
import time
import zipfile
from pathlib import Path

import pytest
from asgiref.sync import async_to_sync
from django.core.files.storage import default_storage

from generation.jobs import archiving
from generation.jobs.archiving import archive_of
from mjweb.common import archives
from tests.factories import finished_job


@pytest.fixture
def grid(alice, checkpoint):
    return list(finished_job(alice).images.order_by("index"))


def read(archive) -> bytes:
    async def gather() -> bytes:
        return b"".join([chunk async for chunk in archive.chunks])

    return async_to_sync(gather)()


def test_it_holds_every_file_as_it_is(grid):
    archive = archive_of(grid)
    content = read(archive)
    assert len(content) == archive.size_bytes
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        assert opened.testzip() is None
        day = f"{grid[0].created_at:%Y-%m-%d}"
        assert opened.namelist() == [f"mjweb-{day}-{image.seed}-{image.index}.png" for image in grid]
        for image, name in zip(grid, opened.namelist(), strict=True):
            assert opened.read(name) == Path(default_storage.path(image.original_name)).read_bytes()
            assert opened.getinfo(name).compress_type == zipfile.ZIP_STORED


def test_pictures_of_one_seed_and_day_have_names_of_their_own(grid):
    for image in grid:
        image.seed = image.index = 1
    with zipfile.ZipFile(io.BytesIO(read(archive_of(grid)))) as opened:
        assert len(set(opened.namelist())) == 4
        assert opened.namelist()[1].endswith("-1-1-2.png")


def test_a_file_that_is_gone_is_left_out(grid):
    default_storage.delete(grid[1].original_name)
    with zipfile.ZipFile(io.BytesIO(read(archive_of(grid)))) as opened:
        assert len(opened.namelist()) == 3


def test_nothing_is_read_before_it_is_sent_and_no_more_than_a_piece_at_a_time(grid, monkeypatch):
    read_so_far = []
    pieces = archiving.pieces_of

    def watched(name):
        for piece in pieces(name):
            read_so_far.append(len(piece))
            yield piece

    monkeypatch.setattr(archiving, "pieces_of", watched)
    monkeypatch.setattr(archives, "CHUNK_BYTES", 64)
    archive = archive_of(grid)
    assert read_so_far == []

    async def first() -> bytes:
        return await anext(archive.chunks)

    assert len(async_to_sync(first)()) < archive.size_bytes / 2
    assert sum(read_so_far) < archive.size_bytes / 2


def test_a_slow_disk_does_not_hold_up_the_event_loop(monkeypatch):
    monkeypatch.setattr(archives, "_gather", lambda _: time.sleep(0.2) or b"")

    async def beats() -> int:
        archive = archive_of([])
        reading = asyncio.ensure_future(anext(archive.chunks, b""))
        count = 0
        while not reading.done():
            await asyncio.sleep(0.01)
            count += 1
        return count

    assert async_to_sync(beats)() > 5


def test_five_hundred_pictures_begin_within_a_second(grid):
    many = grid * 125
    began = time.perf_counter()
    archive = archive_of(many)

    async def first() -> bytes:
        return await anext(archive.chunks)

    assert async_to_sync(first)()
    assert time.perf_counter() - began < 1
