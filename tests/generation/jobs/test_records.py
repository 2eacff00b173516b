"""Claims, leases, fencing and recovery against a real PostgreSQL."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone

from generation.jobs import records
from generation.jobs.states import MOVES
from generation.models import Image, Job, JobState
from generation.signals import images_finalized
from tests.factories import claimed, finish, queued_job, store_picture


def expire(job: Job) -> None:
    """Lets the worker of a job go silent."""
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def test_a_claim_leases_the_job_and_counts_the_attempt(alice, checkpoint):
    job = queued_job(alice)
    claim = claimed(job)
    job.refresh_from_db()
    assert (job.state, job.attempt, job.worker) == (JobState.RUNNING, 1, claim.worker)
    assert job.lease_until > timezone.now()


def test_nothing_waits_for_a_worker_with_another_checkpoint(alice, checkpoint):
    queued_job(alice)
    assert records.claim_job("w", checkpoints=["another"]) is None


def test_one_persons_many_jobs_do_not_hold_up_anothers_one(alice, bob, checkpoint):
    for _ in range(5):
        queued_job(alice)
    waiting = queued_job(bob)
    owners = [records.claim_job("w", checkpoints=[checkpoint.name]).owner_id for _ in range(2)]
    assert owners == [alice.pk, bob.pk]
    waiting.refresh_from_db()
    assert waiting.state == JobState.RUNNING


def test_who_used_the_engine_least_within_the_hour_goes_first(alice, bob, checkpoint):
    finish(queued_job(alice))
    queued_job(alice)
    later = queued_job(bob)
    assert records.claim_job("w", checkpoints=[checkpoint.name]).job_id == later.pk


def test_a_relaxed_job_waits_for_fast_ones_and_is_not_forgotten(alice, bob, checkpoint):
    relaxed = queued_job(alice)
    Job.objects.filter(pk=relaxed.pk).update(lane="relaxed")
    fast = queued_job(bob)
    assert records.claim_job("w", checkpoints=[checkpoint.name]).job_id == fast.pk
    queued_job(alice)
    Job.objects.filter(pk=relaxed.pk).update(created_at=timezone.now() - timedelta(minutes=11))
    assert records.claim_job("w", checkpoints=[checkpoint.name]).job_id == relaxed.pk


@pytest.mark.django_db(transaction=True)
def test_workers_that_ask_at_once_get_different_jobs(alice, checkpoint):
    for _ in range(6):
        queued_job(alice)
    barrier, claims = Barrier(6), []

    def ask(number: int) -> None:
        barrier.wait()
        claims.append(records.claim_job(f"w{number}", checkpoints=[checkpoint.name]))
        connection.close()

    threads = [Thread(target=ask, args=[number]) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({claim.job_id for claim in claims}) == 6


def test_finishing_writes_pictures_and_state_together(alice, checkpoint, django_capture_on_commit_callbacks):
    job, heard = queued_job(alice), []

    def listen(images, **kwargs):
        heard.append([image.index for image in images])

    images_finalized.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            finish(job)
    finally:
        images_finalized.disconnect(listen)
    assert list(job.images.order_by("index").values_list("seed", flat=True)) == list(job.plan.seeds)
    assert heard == [[4, 3, 2, 1]]


def test_a_late_worker_cannot_write_over_the_next_attempt(alice, checkpoint):
    job = queued_job(alice)
    late = claimed(job)
    expire(job)
    assert records.recover_expired() == 1
    claim = claimed(job)
    assert claim.attempt == 2
    pictures = [store_picture(late, seed) for seed in late.plan.seeds]
    assert not records.finish_job(late, pictures, engine_ms=1)
    assert not records.fail_job(late, code="x", sentence="y")
    assert not Image.objects.exists()
    assert records.finish_job(claim, pictures, engine_ms=1)
    assert not records.finish_job(claim, pictures, engine_ms=1)
    assert Image.objects.count() == 4


def test_a_worker_that_renews_its_lease_keeps_the_job(alice, checkpoint):
    job = queued_job(alice)
    claim = claimed(job)
    expire(job)
    assert records.renew_lease(claim)
    assert records.recover_expired() == 0


def test_a_job_that_loses_its_worker_three_times_fails_with_a_sentence(alice, checkpoint, settings):
    job = queued_job(alice)
    for _ in range(settings.MJWEB_MAX_ATTEMPTS):
        claimed(job)
        expire(job)
        records.recover_expired()
    job.refresh_from_db()
    assert (job.state, job.error_code) == (JobState.FAILED, "worker_lost")
    assert "3 times" in job.error_sentence
    assert job.finished_at is not None


def test_a_released_job_does_not_count_the_attempt(alice, checkpoint):
    job = queued_job(alice)
    assert records.release_job(claimed(job))
    assert claimed(job).attempt == 1


def test_the_sweep_wakes_the_engines_only_while_jobs_wait(alice, checkpoint, monkeypatch):
    woken = []
    monkeypatch.setattr(records.queue, "wake_engines", lambda: woken.append(1))
    records.wake_for_waiting()
    assert not woken
    queued_job(alice)
    records.wake_for_waiting()
    assert woken == [1]


def test_a_finished_state_has_no_way_out():
    for state in (JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELED, JobState.BLOCKED):
        assert MOVES[state] == frozenset()
