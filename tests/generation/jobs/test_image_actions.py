"""Vary, upscale, reroll and cancel."""

import pytest

from generation.errors import ActionNotPossibleError, ImageNotFoundError, JobNotFinishedError, JobNotFoundError
from generation.jobs import records, services
from generation.models import JobKind, JobState
from tests.factories import claimed, finish, finished_job, queued_job


def test_upscale_makes_one_picture_of_twice_the_size_with_the_same_seed(alice, checkpoint):
    image = finished_job(alice).images.get(index=3)
    plan = services.upscale_image(alice, image.pk).plan
    assert (plan.width_px, plan.height_px) == (2 * image.width_px, 2 * image.height_px)
    assert plan.seeds == (image.seed,)
    assert plan.needs_source


def test_upscaling_the_same_picture_again_returns_the_job_that_did_it(alice, checkpoint):
    image = finished_job(alice).images.get(index=1)
    first = services.upscale_image(alice, image.pk)
    assert services.upscale_image(alice, image.pk).pk == first.pk
    finish(first)
    assert services.upscale_image(alice, image.pk).pk == first.pk


def test_a_canceled_upscale_can_be_asked_for_again(alice, checkpoint):
    image = finished_job(alice).images.get(index=1)
    first = services.upscale_image(alice, image.pk)
    services.cancel_job(alice, first.pk)
    assert services.upscale_image(alice, image.pk).pk != first.pk


def test_the_largest_picture_cannot_be_upscaled(alice, checkpoint):
    image = finished_job(alice).images.get(index=1)
    while image.width_px * 2 <= checkpoint.card.max_side_px:
        image = finish(services.upscale_image(alice, image.pk)).images.get()
    with pytest.raises(ActionNotPossibleError):
        services.upscale_image(alice, image.pk)


def test_vary_starts_four_new_pictures_from_the_picture(alice, checkpoint):
    image = finished_job(alice).images.get(index=4)
    job = services.vary_image(alice, image.pk, strength="subtle")
    assert (job.kind, job.source_id, len(job.plan.seeds)) == (JobKind.VARY, image.pk, 4)
    assert job.plan.stages[0].strength < 1
    assert image.seed not in job.plan.seeds


def test_varying_an_upscaled_picture_goes_back_to_the_native_size(alice, checkpoint):
    image = finish(services.upscale_image(alice, finished_job(alice).images.get(index=1).pk)).images.get()
    assert services.vary_image(alice, image.pk).plan.width_px == checkpoint.card.native_px


def test_others_may_work_on_public_pictures_and_own_the_result(alice, bob, checkpoint):
    image = finished_job(alice).images.get(index=1)
    assert services.vary_image(bob, image.pk).owner == bob


def test_others_may_not_work_on_private_pictures(alice, bob, checkpoint):
    image = finished_job(alice, "a boat --stealth").images.get(index=1)
    with pytest.raises(ImageNotFoundError):
        services.upscale_image(bob, image.pk)


def test_reroll_keeps_the_plan_and_changes_the_seeds(alice, checkpoint):
    job = finished_job(alice, "a boat --seed 5")
    again = services.reroll_job(alice, job.pk)
    assert again.plan.parts == job.plan.parts
    assert set(again.plan.seeds).isdisjoint(job.plan.seeds)
    assert again.parent_id == job.pk


def test_a_running_job_has_no_pictures_to_act_upon(alice, checkpoint):
    with pytest.raises(JobNotFinishedError):
        services.image_of_job(alice, queued_job(alice).pk, 1)


def test_there_is_no_fifth_picture(alice, checkpoint):
    with pytest.raises(ImageNotFoundError):
        services.image_of_job(alice, finished_job(alice).pk, 5)


def test_cancel_ends_a_waiting_job_so_that_no_worker_takes_it(alice, checkpoint):
    job = services.cancel_job(alice, queued_job(alice).pk)
    assert job.state == JobState.CANCELED
    assert records.claim_job("w", checkpoints=[checkpoint.name]) is None


def test_cancel_takes_a_running_job_from_its_worker(alice, checkpoint):
    job = queued_job(alice)
    claim = claimed(job)
    services.cancel_job(alice, job.pk)
    assert not records.record_progress(claim, step=3, steps=25)
    assert not records.finish_job(claim, [], engine_ms=1)
    job.refresh_from_db()
    assert job.state == JobState.CANCELED


def test_cancel_leaves_a_finished_job_as_it_is(alice, checkpoint):
    job = finished_job(alice)
    assert services.cancel_job(alice, job.pk).state == JobState.SUCCEEDED
    assert job.images.count() == 4


def test_nobody_cancels_the_job_of_somebody_else(alice, bob, checkpoint):
    job = queued_job(alice)
    with pytest.raises(JobNotFoundError):
        services.cancel_job(bob, job.pk)
    job.refresh_from_db()
    assert job.state == JobState.QUEUED
