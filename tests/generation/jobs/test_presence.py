"""Which workers are alive, what they serve, and what a job says that none of them serves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from generation.jobs import presence, records, selectors
from generation.models import Worker
from tests.factories import claimed, finished_job, queued_job

pytestmark = pytest.mark.django_db
WAITS = "No worker serves starter at the moment; it waits."


@pytest.fixture
def nobody(checkpoint):
    """The starter model, and no worker at all."""
    Worker.objects.all().delete()


def test_a_worker_is_alive_for_one_lease_from_its_last_word(settings):
    presence.announce_worker("w", ["a", "b"])
    presence.announce_worker("w", ["b", "c"])
    assert presence.workers_by_checkpoint() == {"b": ["w"], "c": ["w"]}
    assert (presence.is_served("b"), presence.is_served("a")) == (True, False)
    lasts = Worker.objects.get().alive_until - timezone.now()
    assert timedelta() < lasts <= timedelta(seconds=settings.MJWEB_LEASE_S)


def test_a_silent_worker_serves_nothing(settings):
    settings.MJWEB_LEASE_S = -1
    presence.announce_worker("w", ["a"])
    assert not presence.is_served("a")
    assert presence.workers_by_checkpoint() == {}


def test_a_worker_that_leaves_serves_nothing():
    presence.announce_worker("w", ["a"])
    presence.dismiss_worker("w")
    assert not presence.is_served("a")


def test_long_dead_workers_are_forgotten_and_others_are_not():
    now = timezone.now()
    Worker.objects.create(name="dead", serves=[], alive_until=now - timedelta(minutes=11))
    Worker.objects.create(name="silent", serves=[], alive_until=now - timedelta(minutes=9))
    presence.forget_dead_workers()
    assert [worker.name for worker in Worker.objects.all()] == ["silent"]


def test_a_job_that_nobody_can_paint_says_so_and_promises_no_time(alice, nobody):
    finished_job(alice)  # so that a time is known
    job = queued_job(alice)
    shot = selectors.snapshot(job)
    assert (shot.sentence, shot.position, shot.starts_in_s) == (WAITS, 1, None)
    presence.announce_worker("w", ["another"])
    assert selectors.snapshot(job).sentence == WAITS
    presence.announce_worker("w2", ["starter"])
    assert (selectors.snapshot(job).sentence, selectors.snapshot(job).starts_in_s) == ("", 1)


def test_many_jobs_are_asked_about_in_one_query(alice, nobody, django_assert_num_queries):
    jobs = [queued_job(alice) for _ in range(3)]
    with django_assert_num_queries(1):
        places = selectors.queue_places(jobs)
    assert [places[job.pk] for job in jobs] == [selectors.Place(n, is_served=False) for n in (1, 2, 3)]
    presence.announce_worker("w", ["starter"])
    assert all(place.is_served for place in selectors.queue_places(jobs).values())


def test_a_running_job_says_nothing_of_workers(alice, nobody):
    job = queued_job(alice)
    claimed(job)
    job.refresh_from_db()
    assert selectors.snapshot(job).sentence == ""
    assert selectors.queue_places([job]) == {}


def test_a_worker_that_cannot_load_one_more_leaves_the_fairest_job_and_those_behind_it(alice, checkpoint):
    first = queued_job(alice)
    names = ["another", checkpoint.name]
    assert records.claim_job("w", checkpoints=names, loaded=["another"]) is None
    first.refresh_from_db()
    assert (first.state, first.attempt) == ("queued", 0)
    assert records.claim_job("w", checkpoints=names, loaded=[checkpoint.name]).job_id == first.pk
    assert records.claim_job("w", checkpoints=names, loaded=None) is None
