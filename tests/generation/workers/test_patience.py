"""What a worker does while the database is away, while it encodes, and while its engine is full."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from generation.contracts import Progressed, RenderFailed
from generation.jobs import records
from generation.models import Job, JobState
from generation.workers import bridge, patience
from generation.workers.bridge import Bridge
from generation.workers.room import Room, rows_of
from tests.factories import claimed, queued_job
from tests.generation.workers.judges import the_judge
from tests.generation.workers.test_bridge import ReplayedEngine, progressed, rendered

# Who tries again drops the connection first, and with it a transaction that a test would hold around everything.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch):
    monkeypatch.setattr(patience, "FIRST_WAIT_S", 0.001)
    monkeypatch.setattr(patience, "PATIENCE_S", 0.2)
    monkeypatch.setattr(patience, "STOPPING_PATIENCE_S", 0.0)


class Away:
    """Stands before a write of `records` and answers as a lost database does, `times` times."""

    def __init__(self, monkeypatch, name: str, *, times: float, error: type[Exception] = OperationalError) -> None:
        self.calls, self._times, self._error, self._write = 0, times, error, getattr(records, name)
        monkeypatch.setattr(records, name, self)

    def __call__(self, *args, **kwargs):
        self.calls += 1
        if self.calls <= self._times:
            raise self._error("server closed the connection unexpectedly")
        return self._write(*args, **kwargs)


def run(job: Job, engine: ReplayedEngine, **options) -> Job:
    Bridge(claimed(job), engine, the_judge(), is_draining=lambda: False, **options).run()
    job.refresh_from_db()
    return job


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
@pytest.mark.parametrize("write", ["start_finishing", "finish_job"])
def test_finished_pictures_wait_for_a_database_that_is_away(alice, checkpoint, monkeypatch, write, error):
    away = Away(monkeypatch, write, times=3, error=error)
    job = run(queued_job(alice), ReplayedEngine(rendered))
    assert (job.state, job.images.count(), away.calls) == (JobState.SUCCEEDED, 4, 4)


def test_progress_that_cannot_be_written_stops_nothing(alice, checkpoint, monkeypatch):
    away = Away(monkeypatch, "record_progress", times=float("inf"))

    def first_step(request):
        threading.Timer(0.1, engine.listener, [rendered(request)]).start()
        return progressed(request)

    engine = ReplayedEngine(first_step)
    assert run(queued_job(alice), engine).state == JobState.SUCCEEDED
    assert away.calls == 1


def test_a_stopping_worker_does_not_wait_for_a_database_that_is_away(alice, checkpoint, monkeypatch):
    """Both were stopped together: it would be waited for in vain."""
    progress = Away(monkeypatch, "record_progress", times=float("inf"))
    engine = ReplayedEngine(progressed)
    assert run(queued_job(alice), engine, is_stopping=lambda: True).state == JobState.RUNNING
    assert (engine.canceled.is_set(), progress.calls) == (True, 1)
    finishing = Away(monkeypatch, "start_finishing", times=float("inf"))
    run(queued_job(alice), ReplayedEngine(rendered), is_stopping=lambda: True)
    assert finishing.calls == 1


def test_a_database_that_stays_away_leaves_the_job_to_the_sweep(alice, checkpoint, monkeypatch):
    Away(monkeypatch, "start_finishing", times=float("inf"))
    job = run(queued_job(alice), ReplayedEngine(rendered))
    assert (job.state, job.error_code) == (JobState.RUNNING, "")
    Job.objects.update(lease_until=timezone.now())
    assert records.recover_expired() == 1
    job.refresh_from_db()
    assert job.state == JobState.QUEUED


def test_a_failure_that_cannot_be_written_does_not_end_the_thread(alice, checkpoint, monkeypatch):
    Away(monkeypatch, "fail_job", times=float("inf"))
    monkeypatch.setattr(bridge, "store_pictures", lambda *_: 1 / 0)
    assert run(queued_job(alice), ReplayedEngine(rendered)).state == JobState.FINISHING


def test_the_engines_failure_waits_for_the_database_too(alice, checkpoint, monkeypatch):
    Away(monkeypatch, "fail_job", times=2)
    failed = ReplayedEngine(lambda r: RenderFailed(request_id=r.request_id, code="bad_plan", sentence="No."))
    assert run(queued_job(alice), failed).error_code == "bad_plan"


def test_encoding_for_longer_than_the_lease_renews_it(alice, checkpoint, monkeypatch, settings):
    settings.MJWEB_LEASE_S = 0.3
    renewals = Away(monkeypatch, "renew_lease", times=0)
    store = bridge.store_pictures

    def slowly(*args):
        time.sleep(0.45)
        return store(*args)

    monkeypatch.setattr(bridge, "store_pictures", slowly)
    assert run(queued_job(alice), ReplayedEngine(rendered)).state == JobState.SUCCEEDED
    assert renewals.calls >= 3


def test_room_is_made_once_and_before_the_files_are_written(alice, checkpoint, monkeypatch):
    order = []
    store = bridge.store_pictures
    monkeypatch.setattr(bridge, "store_pictures", lambda *args: order.append("store") or store(*args))
    run(queued_job(alice), ReplayedEngine(rendered), on_ending=lambda: order.append("ending"))
    assert order == ["ending", "store"]


@pytest.mark.parametrize(("step", "made"), [(25 - bridge.LAST_STEPS - 1, 0), (25 - bridge.LAST_STEPS, 1), (25, 1)])
def test_room_is_made_a_few_steps_before_the_end(alice, checkpoint, step, made):
    """So that the next job is claimed, and its texts are encoded, while this one is still being painted."""
    rooms, at_the_end = [], []

    def end(request):
        at_the_end.append(len(rooms))
        engine.listener(rendered(request))

    def first_step(request):
        threading.Timer(0.2, end, [request]).start()
        return Progressed(request_id=request.request_id, step=step, steps=25)

    engine = ReplayedEngine(first_step)
    run(queued_job(alice), engine, on_ending=lambda: rooms.append(step))
    assert (at_the_end, len(rooms)) == ([made], 1)


# --- the sweep after an outage


def expire_while_the_database_was_away(job: Job) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE generation_job SET lease_until = pg_postmaster_start_time() - interval '1 s' WHERE id = %s",
            [job.pk],
        )


@pytest.mark.parametrize(("lease_s", "moved"), [(timedelta(days=1).total_seconds(), 0), (0.001, 1)])
def test_a_lease_that_ended_during_an_outage_counts_anew_from_its_end(alice, checkpoint, settings, lease_s, moved):
    job = queued_job(alice)
    claimed(job)
    expire_while_the_database_was_away(job)
    settings.MJWEB_LEASE_S = lease_s
    assert records.recover_expired() == moved


# --- a full engine


def test_a_full_engine_takes_only_jobs_of_people_of_whom_nothing_runs(alice, bob, checkpoint):
    first, second = queued_job(alice), queued_job(alice)
    claimed(first)
    names = [checkpoint.name]
    assert records.claim_job("w", checkpoints=names, newcomers_only=True) is None
    other = queued_job(bob)
    assert records.claim_job("w", checkpoints=names, newcomers_only=True).job_id == other.pk
    assert records.claim_job("w", checkpoints=names).job_id == second.pk


def test_a_room_is_full_of_rows_and_not_of_jobs(alice, checkpoint):
    plan = queued_job(alice, "a boat").plan
    weighted = queued_job(alice, "a boat:: the sea:: dusk").plan
    assert (rows_of(plan), rows_of(weighted)) == (8, 16)
    room = Room(16)

    def is_full() -> bool:
        with room.entrance() as full:
            return full

    room.enter(plan)
    assert not is_full()
    room.enter(plan)
    assert is_full()
    room.leave(plan)
    assert not is_full()
    room.enter(weighted)
    assert is_full()
