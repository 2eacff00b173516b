"""`submit_prompt`: from typed text to a job in the queue."""

from threading import Barrier, Thread

import pytest

from generation.errors import CheckpointNotReadyError, IdempotencyMismatchError, ImageNotFoundError, QueueFullError
from generation.jobs import services
from generation.models import Job, JobKind, JobState
from generation.prompts.problems import PromptErrors
from tests.factories import finished_job


def test_it_stores_the_resolved_plan_of_four_pictures(alice, checkpoint):
    job = services.submit_prompt(alice, "a red lighthouse --seed 7 --ar 2:1 --no fog")
    job.refresh_from_db()
    assert job.state == JobState.QUEUED
    assert job.plan.seeds == (7, 8, 9, 10)
    assert job.plan.width_px > job.plan.height_px
    assert job.plan.negative_prompt == "fog"
    assert job.plan.checkpoint == checkpoint.name


def test_it_draws_another_seed_for_every_job_without_one(alice, checkpoint):
    seeds = {services.submit_prompt(alice, "a boat").plan.seeds[0] for _ in range(5)}
    assert len(seeds) == 5


def test_it_refuses_a_bad_parameter_and_makes_no_job(alice, checkpoint):
    with pytest.raises(PromptErrors):
        services.submit_prompt(alice, "a boat --choas 10")
    assert not Job.objects.exists()


def test_it_refuses_before_any_model_is_known(alice):
    with pytest.raises(CheckpointNotReadyError):
        services.submit_prompt(alice, "a boat")


def test_the_same_key_returns_the_same_job(alice, checkpoint):
    first = services.submit_prompt(alice, "a boat", idempotency_key="k1")
    assert services.submit_prompt(alice, "a boat", idempotency_key="k1").pk == first.pk
    assert Job.objects.count() == 1


def test_the_same_key_with_other_words_is_refused(alice, checkpoint):
    services.submit_prompt(alice, "a boat", idempotency_key="k1")
    with pytest.raises(IdempotencyMismatchError):
        services.submit_prompt(alice, "a castle", idempotency_key="k1")


def test_two_people_may_use_the_same_key(alice, bob, checkpoint):
    assert (
        services.submit_prompt(alice, "a boat", idempotency_key="k").pk
        != services.submit_prompt(bob, "a boat", idempotency_key="k").pk
    )


@pytest.mark.django_db(transaction=True)
def test_simultaneous_requests_with_one_key_make_one_job(alice, checkpoint):
    barrier, made = Barrier(8), []

    def press() -> None:
        from django.db import connection

        barrier.wait()
        made.append(services.submit_prompt(alice, "a boat", idempotency_key="same").pk)
        connection.close()

    threads = [Thread(target=press) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 8
    assert set(made) == set(Job.objects.values_list("pk", flat=True))


def test_it_refuses_when_too_many_jobs_wait(alice, bob, checkpoint, settings):
    settings.MJWEB_MAX_WAITING_JOBS = 2
    for _ in range(2):
        services.submit_prompt(alice, "a boat")
    with pytest.raises(QueueFullError):
        services.submit_prompt(alice, "a boat")
    assert services.submit_prompt(bob, "a boat").state == JobState.QUEUED


def test_a_remix_remembers_the_picture_it_came_from(alice, bob, checkpoint):
    image = finished_job(alice).images.get(index=2)
    remix = services.submit_prompt(bob, "a blue lighthouse", remix_of=image.pk)
    assert (remix.kind, remix.source, remix.owner) == (JobKind.REMIX, image, bob)


def test_a_private_picture_cannot_be_remixed_by_others(alice, bob, checkpoint):
    image = finished_job(alice, "a boat --stealth").images.get(index=1)
    with pytest.raises(ImageNotFoundError):
        services.submit_prompt(bob, "a boat", remix_of=image.pk)


def test_the_prompt_decides_about_visibility_before_the_form(alice, checkpoint):
    assert services.submit_prompt(alice, "a boat --public", visibility="private").visibility == "public"
    assert services.submit_prompt(alice, "a boat", visibility="private").visibility == "private"
    assert services.submit_prompt(alice, "a boat").visibility == "public"
