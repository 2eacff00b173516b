"""The dashboard counts what happened in the hour when it happened, and leaves out what is older than its span."""

from datetime import timedelta

import pytest
from django.utils import timezone

from gallery.selectors.dashboard import dashboard
from generation.models import Image, Job
from tests.factories import finished_job

pytestmark = pytest.mark.django_db


def series(shown, key: str) -> list[list[float | None]]:
    return [list(one.values) for plot in shown.plots if plot.key == key for one in plot.series]


def test_it_counts(alice, checkpoint):
    now, job = timezone.now(), finished_job(alice)
    hour_ago = now - timedelta(hours=1)
    Job.objects.filter(pk=job.pk).update(
        created_at=hour_ago, started_at=hour_ago + timedelta(seconds=8), finished_at=now, engine_ms=90_000
    )
    Image.objects.filter(job=job).update(created_at=now, size_bytes=2**20)
    old = finished_job(alice)
    Job.objects.filter(pk=old.pk).update(created_at=now - timedelta(days=40), finished_at=now - timedelta(days=40))
    Image.objects.filter(job=old).update(created_at=now - timedelta(days=40))

    day = dashboard("day")
    assert series(day, "jobs")[0][-2:] == [1, 0]
    assert [one[-2] for one in series(day, "waits")] == [8, 8]
    assert series(day, "waits")[0][-1] is None
    assert series(day, "engine")[0][-1] == 90
    assert series(day, "share")[0][-1] == pytest.approx(2.5)
    assert series(day, "storage")[0][-1] == pytest.approx(4)
    assert series(day, "sign-ups")[0][-1] == 1
    assert dict(day.states)["Succeeded"] == 1
    month = dashboard("month")
    assert sum(series(month, "jobs")[0]) == 1
    assert len(month.plots[0].places) == 30


def test_it_takes_as_many_queries_with_many_jobs(alice, checkpoint, django_assert_max_num_queries):
    for _ in range(3):
        finished_job(alice)
    with django_assert_max_num_queries(12):
        dashboard("week")
