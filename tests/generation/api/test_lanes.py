"""What a program is told of a person's fast minutes."""

from datetime import date

import pytest

from generation.models import Job
from tests.factories import finished_job


def test_without_a_limit_there_is_nothing_to_tell(api):
    assert api.get("/api/v1/lanes").json() == {"fast": None}


def test_what_is_left_and_when_there_is_as_much_again(api, alice, checkpoint, settings):
    settings.MJWEB_FAST_MINUTES = 2
    Job.objects.filter(pk=finished_job(alice).pk).update(engine_ms=30_000)
    fast = api.get("/api/v1/lanes").json()["fast"]
    assert (fast["allowance_s"], fast["left_s"]) == (120, pytest.approx(90))
    assert date.fromisoformat(fast["renews_on"]).day == 1


def test_a_program_is_refused_several_jobs_and_told_why_one_is_relaxed(api, alice, checkpoint, settings):
    settings.MJWEB_FAST_MINUTES = 1
    Job.objects.filter(pk=finished_job(alice).pk).update(engine_ms=60_000)
    refused = api.post("/api/v1/jobs", {"prompt": "a {red, blue} boat"})
    assert (refused.status_code, refused.json()["code"]) == (429, "fast_time_spent")
    made = api.post("/api/v1/jobs", {"prompt": "a boat"})
    assert [note["code"] for note in made.json()["notes"]] == ["fast_spent"]
