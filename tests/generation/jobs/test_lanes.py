"""The fast lane's allowance: what it counts, what happens when it is spent, and when it comes back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from generation.errors import FastTimeSpentError
from generation.jobs import lanes, services
from generation.jobs.lanes import Balance, balance_of
from generation.jobs.selectors import snapshot
from generation.models import Job, JobState, Lane
from generation.views.cards import live_sentence
from tests.factories import claimed, finished_job, queued_job

pytestmark = pytest.mark.django_db


@pytest.fixture
def a_minute(settings):
    settings.MJWEB_FAST_MINUTES = 1


def spend(owner, seconds: float, **values) -> Job:
    """A finished job that took so long."""
    job = finished_job(owner)
    Job.objects.filter(pk=job.pk).update(engine_ms=1000 * seconds, **values)
    return job


def test_without_a_limit_there_is_no_balance_and_nobody_is_asked(alice, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert balance_of(alice) is None


def test_only_delivered_pictures_of_the_fast_lane_and_of_this_month_count(alice, bob, checkpoint, a_minute):
    spend(alice, 30)
    spend(alice, 7, lane=Lane.RELAXED)
    spend(alice, 8, finished_at=timezone.now() - timedelta(days=40))
    spend(alice, 9, state=JobState.FAILED)
    spend(bob, 20)
    balance = balance_of(alice)
    assert (balance.used_s, balance.left_s, balance.percent) == (30, 30, 50)


def test_what_is_in_line_is_set_aside_and_comes_back_when_it_is_canceled(alice, checkpoint, a_minute):
    spend(alice, 20)
    waiting = queued_job(alice)
    assert balance_of(alice).left_s == pytest.approx(20)
    services.cancel_job(alice, waiting.pk)
    assert balance_of(alice).left_s == pytest.approx(40)


def test_a_job_goes_to_the_relaxed_lane_with_a_note_when_nothing_is_left(alice, checkpoint, a_minute):
    spend(alice, 59)
    assert queued_job(alice).lane == Lane.FAST
    Job.objects.all().delete()
    spend(alice, 60)
    for text in ("a boat", "a boat --fast"):
        job = queued_job(alice, text)
        assert job.lane == Lane.RELAXED
        assert job.notes[-1] == {"code": "fast_spent", "sentence": lanes.spent_sentence(balance_of(alice))}
    assert "fast_spent" not in [note["code"] for note in queued_job(alice, "a boat --relax").notes]


def test_actions_on_pictures_are_not_refused_either(alice, checkpoint, a_minute):
    image = spend(alice, 60).images.first()
    for job in (services.upscale_image(alice, image.pk), services.reroll_job(alice, image.job_id)):
        assert job.lane == Lane.RELAXED


def test_a_prompt_of_several_jobs_is_refused_when_nothing_is_left(alice, checkpoint, a_minute):
    spend(alice, 60)
    with pytest.raises(FastTimeSpentError, match="Ask for one"):
        services.submit_prompts(alice, "a {red, blue} boat")
    assert Job.objects.active().count() == 0


def test_what_is_repeated_later_goes_to_the_lane_that_it_was_asked_for_in(alice, checkpoint, a_minute, settings):
    spend(alice, 60)
    moved = queued_job(alice)
    settings.MJWEB_FAST_MINUTES = 2
    again = services.reroll_job(alice, moved.pk)
    assert (again.lane, again.notes) == (Lane.FAST, [])


def test_a_relaxed_job_says_its_lane_and_waits_for_the_fast_ones(alice, bob, checkpoint, a_minute):
    for _ in range(2):
        spend(alice, 30)
    for _ in range(2):
        queued_job(bob)
    shot = snapshot(queued_job(alice))
    assert (shot.position, shot.lane, shot.starts_in_s) == (1, "relaxed", 90)
    assert live_sentence(shot) == "Next in the relaxed lane, starts in about 90 s"


def test_a_prompt_that_costs_nothing_yet_does_not_lock_the_claim(alice, checkpoint, a_minute):
    spend(alice, 60)
    assert claimed(queued_job(alice)).owner_id == alice.pk


@pytest.mark.parametrize(
    ("used_s", "left", "is_spent"),
    [(0, "60 of 60 min", False), (3000.0, "10 of 60 min", False), (3420, "3 of 60 min", False),
     (3444, "2.6 of 60 min", False), (3599, "0.1 of 60 min", False), (3600, "0 of 60 min", True),
     (9999, "0 of 60 min", True)],
)  # fmt: skip
def test_the_balance_in_words(used_s, left, is_spent):
    balance = Balance(3600, used_s, date(2026, 12, 1))
    assert (balance.left, balance.is_spent, balance.renews) == (left, is_spent, "1 December")


@pytest.mark.parametrize(
    ("now", "begin", "end"),
    [(datetime(2026, 11, 27, 8, tzinfo=UTC), (2026, 11), (2026, 12)),
     (datetime(2026, 12, 31, 23, tzinfo=UTC), (2026, 12), (2027, 1)),
     (datetime(2027, 1, 1, tzinfo=UTC), (2027, 1), (2027, 2))],
)  # fmt: skip
def test_a_month_ends_where_the_next_begins(now, begin, end):
    first, following = lanes._month(now)
    assert (first.year, first.month, first.day, first.hour) == (*begin, 1, 0)
    assert (following.year, following.month, following.day) == (*end, 1)
