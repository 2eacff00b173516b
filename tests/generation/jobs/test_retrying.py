"""Trying again what failed or was canceled."""

import pytest

from generation.errors import JobNotFoundError
from generation.jobs import records, services
from generation.jobs.retrying import retry_job
from generation.models import Job, JobState
from tests.factories import claimed, finished_job, queued_job

pytestmark = pytest.mark.django_db


def failed(job: Job) -> Job:
    records.fail_job(claimed(job), code="out_of_memory", sentence="The GPU ran out of memory.")
    job.refresh_from_db()
    return job


def test_it_is_the_same_job_once_more(alice, checkpoint):
    image = finished_job(alice).images.get(index=2)
    job = failed(services.vary_image(alice, image.pk))
    again = retry_job(alice, job.pk)
    assert again.pk != job.pk
    same = ("kind", "variant", "prompt", "plan", "source", "parent", "visibility", "lane", "notes")
    assert [getattr(again, name) for name in same] == [getattr(job, name) for name in same]
    assert (again.state, again.attempt, again.error_sentence) == (JobState.QUEUED, 0, "")
    assert [(row.role, row.image) for row in again.sources.all()] == [("start", image)]


def test_pressing_twice_makes_one_job_and_its_failure_can_be_tried_again(alice, checkpoint):
    job = failed(queued_job(alice))
    first = retry_job(alice, job.pk)
    assert retry_job(alice, job.pk) == first
    assert retry_job(alice, failed(first).pk) not in {first, job}


def test_a_failed_upscale_stays_one(alice, checkpoint):
    image = finished_job(alice).images.first()
    job = failed(services.upscale_image(alice, image.pk))
    again = retry_job(alice, job.pk)
    assert services.upscale_image(alice, image.pk) == again


def test_what_was_canceled_starts_again_with_its_seeds(alice, checkpoint):
    job = queued_job(alice)
    services.cancel_job(alice, job.pk)
    again = retry_job(alice, job.pk)
    assert retry_job(alice, job.pk) == again
    assert (again.state, again.plan) == (JobState.QUEUED, job.plan)


@pytest.mark.parametrize("state", sorted(set(JobState) - {JobState.FAILED, JobState.CANCELED}))
def test_only_what_came_to_nothing_is_tried_again(alice, checkpoint, state):
    job = queued_job(alice)
    Job.objects.filter(pk=job.pk).update(state=state)
    assert retry_job(alice, job.pk) == job
    assert Job.objects.count() == 1


def test_somebody_elses_job_is_not_there(alice, bob, checkpoint):
    with pytest.raises(JobNotFoundError):
        retry_job(bob, failed(queued_job(alice)).pk)
