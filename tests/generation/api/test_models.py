"""The models of a server as a program sees them."""

from __future__ import annotations

import pytest

from generation.jobs import presence
from generation.jobs.checkpoints import add_checkpoint, remove_checkpoint
from generation.jobs.choosing import choose_checkpoint
from generation.models import Worker
from tests.factories import finished_job, queued_job
from tests.generation.model_folders import write_model_folder

pytestmark = pytest.mark.django_db
MODELS, JOBS, PARSE = "/api/v1/models", "/api/v1/jobs", "/api/v1/prompts/parse"


@pytest.fixture
def dreams(checkpoint, tmp_path):
    folder = write_model_folder(tmp_path / "dreams", readme="---\nlicense: openrail\n---\n")
    return add_checkpoint(str(folder), title="Dreams of a boat")


def test_it_lists_every_model_with_its_numbers_the_default_first(api, alice, dreams):
    choose_checkpoint(alice, "dreams")
    starter, other = api.get(MODELS).json()["results"]
    assert (starter["name"], starter["is_default"], starter["is_preferred"]) == ("starter", True, False)
    assert other == {
        "name": "dreams",
        "title": "Dreams of a boat",
        "native_px": 128,
        "max_side_px": 512,
        "size_bytes": dreams.size_bytes,
        "license": "openrail",
        "is_default": False,
        "is_preferred": True,
        "is_served": False,
    }
    presence.announce_worker("w", ["dreams"])
    assert [row["is_served"] for row in api.get(MODELS).json()["results"]] == [True, True]


def test_a_removed_model_is_not_listed(api, dreams):
    remove_checkpoint("dreams")
    assert [row["name"] for row in api.get(MODELS).json()["results"]] == ["starter"]


def test_a_job_says_which_model_makes_it_and_why_it_waits(api, dreams):
    body = api.post(JOBS, {"prompt": "a boat", "model": "dreams"}).json()
    assert (body["model"], body["note"]) == ("dreams", "No worker serves dreams at the moment; it waits.")
    presence.announce_worker("w", ["dreams"])
    assert api.get(f"{JOBS}/{body['id']}").json()["note"] is None
    assert api.post(JOBS, {"prompt": "a boat --model starter", "model": "dreams"}).json()["model"] == "starter"


def test_a_list_of_jobs_says_it_of_each(api, alice, dreams):
    queued_job(alice, model="dreams")
    queued_job(alice)
    finished = api.get(JOBS).json()["results"]
    assert [(job["model"], bool(job["note"])) for job in finished] == [("starter", False), ("dreams", True)]
    Worker.objects.all().delete()
    assert all(job["note"] for job in api.get(JOBS).json()["results"])


def test_an_unknown_model_is_refused_with_the_nearest(api, dreams):
    response = api.post(JOBS, {"prompt": "a boat", "model": "dreems"})
    body = response.json()
    assert (response.status_code, body["code"]) == (422, "unknown_model")
    assert body["detail"] == "dreems is no model of this server; the nearest is dreams."
    assert [(error["field"], error["code"]) for error in body["errors"]] == [("model", "unknown_model")]


def test_an_unknown_model_in_the_prompt_comes_with_its_columns_and_fix(api, dreams):
    problem = api.post(JOBS, {"prompt": "a boat --model dreems"}).json()
    [error] = problem["errors"]
    assert (problem["code"], error["code"]) == ("bad_prompt", "unknown_model")
    assert (error["start"], error["end"], error["fix"]["text"]) == (15, 21, "dreams")


def test_the_dry_run_tells_the_model_that_would_make_it(api, alice, dreams):
    choose_checkpoint(alice, "dreams")
    body = api.post(PARSE, {"prompt": "an obsidian chandelier"}).json()
    assert (body["model"], body["plan"]["checkpoint"], body["warnings"]) == (None, "dreams", [])
    body = api.post(PARSE, {"prompt": "a boat --model starter", "model": "dreams"}).json()
    assert (body["model"], body["plan"]["checkpoint"]) == ("starter", "starter")
    assert api.post(PARSE, {"prompt": "a boat", "model": "dreems"}).json()["code"] == "unknown_model"


def test_what_needs_a_removed_model_is_a_conflict(api, alice, dreams):
    job = finished_job(alice, model="dreams")
    remove_checkpoint("dreams")
    response = api.post(f"{JOBS}/{job.pk}/actions", {"action": "reroll"})
    assert (response.status_code, response.json()["code"]) == (409, "checkpoint_removed")
