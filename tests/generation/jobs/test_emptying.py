"""The end of the trash: nothing goes too early, and no file that anything still names."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.utils import timezone

from gallery.services.publishing import publish_missed
from generation.jobs import emptying, organizing
from generation.jobs.acting import vary_image
from generation.jobs.emptying import empty_trash
from generation.models import Image, Job, Upload
from mjweb.celery import app
from tests.factories import finish, finished_job


@pytest.fixture
def grid(alice, checkpoint):
    return list(finished_job(alice).images.order_by("index"))


def files(image) -> list[Path]:
    names = [image.original_name, image.rendition_name(320), image.rendition_name(640)]
    return [Path(default_storage.path(name)) for name in names]


def age(images, days: float, *, file_s: float = 7200) -> None:
    """Moves them to the trash, so many days ago; their files were written long before."""
    Image.everything.filter(pk__in=[image.pk for image in images]).update(
        trashed_at=timezone.now() - timedelta(days=days)
    )
    for image in images:
        for file in files(image):
            os.utime(file, (time.time() - file_s,) * 2)


@pytest.fixture
def empty(django_capture_on_commit_callbacks):
    def run() -> int:
        with django_capture_on_commit_callbacks(execute=True):
            return empty_trash()

    return run


def test_after_thirty_days_rows_and_files_are_gone(alice, grid, empty):
    publish_missed()
    organizing.like_images(alice, [image.pk for image in grid])
    age(grid[:1], 30.1)
    age(grid[1:2], 29.9)
    assert empty() == 1
    assert set(Image.everything.all()) == set(grid[1:])
    assert [file.exists() for file in files(grid[0])] == [False] * 3
    assert all(file.exists() for image in grid[1:] for file in files(image))
    assert Job.objects.count() == 1
    assert empty() == 0


def test_what_is_not_in_the_trash_never_goes(grid, empty):
    Image.objects.update(created_at=timezone.now() - timedelta(days=900))
    age(grid, 31)
    Image.everything.update(trashed_at=None)
    assert empty() == 0
    assert Image.objects.count() == 4


@pytest.mark.parametrize("other", ["image", "upload", "trashed image"])
def test_a_file_that_something_else_names_stays(bob, grid, empty, other):
    if other == "upload":
        Upload.objects.create(owner=bob, sha256=grid[0].sha256, width_px=1, height_px=1, size_bytes=1)
    else:
        twin = finished_job(bob).images.get(index=1)
        trashed_at = timezone.now() if other == "trashed image" else None
        Image.everything.filter(pk=twin.pk).update(sha256=grid[0].sha256, trashed_at=trashed_at)
    age(grid[:1], 31)
    assert empty() == 1
    assert all(file.exists() for file in files(grid[0]))


def test_a_file_that_is_just_being_written_again_stays(grid, empty):
    """The same plan and seed give the same bytes: a worker writes them before their row is there."""
    age(grid[:1], 31)
    original = files(grid[0])[0]
    with original.open("rb") as file:
        default_storage.save(grid[0].original_name, file)
    assert empty() == 1
    assert original.exists()


def test_a_picture_that_a_waiting_job_needs_stays_until_it_has_ended(alice, grid, empty):
    child = vary_image(alice, grid[0].pk)
    age(grid[:1], 31)
    assert empty() == 0
    finish(child)
    assert empty() == 1
    child.refresh_from_db()
    assert (child.source, child.images.count()) == (None, 4)


def test_beat_asks_for_it():
    app.loader.import_default_modules()
    tasks = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert "generation.empty_trash" in tasks <= set(app.tasks)


def test_it_goes_in_small_steps(grid, empty, monkeypatch):
    monkeypatch.setattr(emptying, "BATCH", 3)
    age(grid, 31)
    assert (empty(), empty(), empty()) == (3, 1, 0)


def test_files_stay_when_the_rows_do(grid, empty, monkeypatch):
    """Rows first: a sweep that fails before its transaction ends removes nothing."""
    age(grid, 31)

    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(emptying.transaction, "on_commit", fail)
    with pytest.raises(RuntimeError):
        empty_trash()
    assert Image.everything.count() == 4
    assert all(file.exists() for image in grid for file in files(image))
