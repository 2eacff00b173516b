"""The life of a job as a program sees it."""

from __future__ import annotations

from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import connection

from generation.jobs import records, services
from generation.models import Job
from tests.factories import claimed, finish, finished_job, queued_job
from tests.generation.api.api_client import ApiClient

pytestmark = pytest.mark.django_db
JOBS = "/api/v1/jobs"
PROMPT = "a red lighthouse by the sea"


def job_address(job):
    return f"{JOBS}/{job.pk}"


def act(api, job, key=None, **body):
    return api.post(f"{job_address(job)}/actions", body, key=key)


def codes(response):
    return [(error["field"], error["code"]) for error in response.json()["errors"]]


class TestSubmit:
    def test_it_accepts_a_prompt_and_says_where_to_look(self, api):
        response = api.post(JOBS, {"prompt": f"{PROMPT} --ar 3:2"})
        body = response.json()
        assert response.status_code == 202
        assert response["Location"] == body["urls"]["self"] == f"http://testserver{JOBS}/{body['id']}"
        assert (body["status"], body["kind"], body["prompt"]) == ("queued", "imagine", f"{PROMPT} --ar 3:2")
        assert body["progress"]["position"] == 1
        assert (body["images"], body["error"]) == ([], None)
        assert api.get(response["Location"]).json() == body

    def test_it_makes_private_pictures_when_asked(self, api):
        assert api.post(JOBS, {"prompt": PROMPT, "visibility": "private"}).json()["visibility"] == "private"

    def test_it_remixes_a_visible_picture(self, api, bob):
        image = finished_job(bob).images.get(index=1)
        body = api.post(JOBS, {"prompt": PROMPT, "remix_of": str(image.pk)}).json()
        assert (body["kind"], body["source_image"]) == ("remix", str(image.pk))

    def test_it_does_not_remix_somebody_elses_private_picture(self, api, bob):
        image = finished_job(bob, visibility="private").images.get(index=1)
        response = api.post(JOBS, {"prompt": PROMPT, "remix_of": str(image.pk)})
        assert (response.status_code, response.json()["code"]) == (404, "image_not_found")

    def test_it_lists_every_problem_of_a_prompt_with_its_columns(self, api):
        response = api.post(JOBS, {"prompt": "a boat --stylise 5 --ar 19:1"})
        problem = response.json()
        assert (response.status_code, problem["code"]) == (422, "bad_prompt")
        assert response["Content-Type"] == "application/problem+json"
        assert [(error["field"], error["start"]) for error in problem["errors"]] == [("prompt", 7), ("prompt", 24)]
        assert "problems" not in problem
        assert not Job.objects.exists()

    @pytest.mark.parametrize(
        ("body", "wrong"),
        [
            ({}, ("prompt", "required")),
            ({"prompt": None}, ("prompt", "null")),
            ({"prompt": PROMPT, "visibilty": "private"}, ("visibilty", "unknown_field")),
            ({"prompt": PROMPT, "visibility": "secret"}, ("visibility", "invalid_choice")),
            ({"prompt": PROMPT, "remix_of": "picture 7"}, ("remix_of", "invalid")),
            ([PROMPT], ("", "invalid")),
        ],
    )
    def test_it_refuses_a_body_that_is_not_as_documented(self, api, body, wrong):
        response = api.post(JOBS, body)
        assert (response.status_code, response.json()["code"]) == (422, "invalid_input")
        assert codes(response) == [wrong]

    def test_it_refuses_an_empty_prompt(self, api):
        assert codes(api.post(JOBS, {"prompt": ""})) == [("prompt", "no_words")]

    @pytest.mark.parametrize(
        ("body", "kind", "status", "code"),
        [
            ("{", "application/json", 400, "parse_error"),
            ("[" * 50_000, "application/json", 400, "parse_error"),
            ('{"prompt": "' + "a" * 70_000 + '"}', "application/json", 413, "body_too_large"),
            ("prompt=boat", "application/x-www-form-urlencoded", 415, "unsupported_media_type"),
        ],
    )
    def test_it_refuses_what_is_no_json_request(self, api, body, kind, status, code):
        response = api.post(JOBS, body, kind=kind)
        assert (response.status_code, response.json()["code"]) == (status, code)

    def test_it_refuses_more_jobs_than_may_wait(self, api, settings):
        settings.MJWEB_MAX_WAITING_JOBS = 1
        api.post(JOBS, {"prompt": PROMPT})
        response = api.post(JOBS, {"prompt": PROMPT})
        assert (response.status_code, response.json()["code"], response.json()["limit"]) == (429, "queue_full", 1)
        assert response["Retry-After"]

    def test_it_says_that_no_model_is_ready(self, alice):
        response = ApiClient(alice).post(JOBS, {"prompt": PROMPT})
        assert (response.status_code, response.json()["code"]) == (503, "checkpoint_not_ready")
        assert response["Retry-After"]

    def test_it_refuses_other_methods(self, api):
        response = api.delete(JOBS)
        assert (response.status_code, response.json()["code"]) == (405, "method_not_allowed")


class TestIdempotency:
    def test_the_same_key_and_request_give_the_same_job(self, api):
        first, again = (api.post(JOBS, {"prompt": PROMPT}, key="k") for _ in range(2))
        assert again.status_code == 202
        assert (again.json()["id"], again["Location"]) == (first.json()["id"], first["Location"])
        assert Job.objects.count() == 1

    def test_the_same_key_with_another_request_is_refused(self, api):
        api.post(JOBS, {"prompt": PROMPT}, key="k")
        response = api.post(JOBS, {"prompt": f"{PROMPT} at night"}, key="k")
        assert (response.status_code, response.json()["code"]) == (422, "idempotency_mismatch")

    def test_keys_of_two_people_do_not_meet(self, api, stranger):
        ids = {program.post(JOBS, {"prompt": PROMPT}, key="k").json()["id"] for program in (api, stranger)}
        assert len(ids) == 2

    @pytest.mark.parametrize("key", ["k" * 201, "", "schlüssel", "tab\there"])
    def test_a_key_that_cannot_be_kept_is_refused(self, api, key):
        response = api.post(JOBS, {"prompt": PROMPT}, key=key)
        assert (response.status_code, response.json()["header"]) == (422, "Idempotency-Key")
        assert not Job.objects.exists()

    def test_actions_honor_the_key_too(self, api, alice):
        job = finished_job(alice)
        ids = {act(api, job, action="reroll", key="k").json()["id"] for _ in range(2)}
        assert len(ids) == 1
        assert act(api, job, action="vary", index=1, key="k").json()["code"] == "idempotency_mismatch"


@pytest.mark.django_db(transaction=True)
def test_twenty_parallel_posts_with_one_key_make_one_job(api):
    barrier, answers = Barrier(20), []

    def post():
        barrier.wait()
        try:
            answers.append(api.post(JOBS, {"prompt": PROMPT}, key="k"))
        finally:
            connection.close()

    threads = [Thread(target=post) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [202] * 20
    assert {answer.json()["id"] for answer in answers} == {str(Job.objects.get().pk)}


class TestFollow:
    def test_it_shows_progress_of_a_running_job(self, api, alice):
        job = queued_job(alice)
        records.record_progress(claimed(job), step=5, steps=20)
        body = api.get(job_address(job)).json()
        assert body["status"] == "running"
        progress = {"step": 5, "steps": 20, "fraction": 0.25, "position": None, "starts_in_s": None}
        assert body["progress"] == progress

    def test_it_shows_the_pictures_of_a_finished_job(self, api, alice):
        job = finished_job(alice, f"{PROMPT} --seed 7 --ar 3:2")
        body = api.get(job_address(job)).json()
        assert (body["status"], body["progress"]["fraction"]) == ("succeeded", 1.0)
        assert [(image["index"], image["seed"]) for image in body["images"]] == [(1, 7), (2, 8), (3, 9), (4, 10)]
        image = job.images.get(index=1)
        shown = body["images"][0]
        assert (shown["width"], shown["height"]) == (image.width_px, image.height_px)
        assert shown["url"] == f"http://testserver/media/{image.pk}.png"
        assert shown["thumbnails"]["320"] == f"http://testserver/media/{image.pk}-320.webp"

    def test_it_says_why_a_job_failed(self, api, alice):
        job = queued_job(alice)
        records.fail_job(claimed(job), code="out_of_memory", sentence="The model did not fit.")
        body = api.get(job_address(job)).json()
        assert body["status"] == "failed"
        assert body["error"] == {"code": "out_of_memory", "sentence": "The model did not fit."}

    def test_it_estimates_when_a_waiting_job_starts(self, api, alice):
        finished_job(alice)
        jobs = [queued_job(alice) for _ in range(3)]
        assert [api.get(job_address(job)).json()["progress"]["starts_in_s"] for job in jobs] == [1, 2, 3]

    def test_it_hides_other_peoples_jobs(self, stranger, alice):
        job = queued_job(alice)
        for response in [
            stranger.get(job_address(job)),
            stranger.post(f"{job_address(job)}/cancel"),
            act(stranger, job, action="reroll"),
        ]:
            assert (response.status_code, response.json()["code"]) == (404, "job_not_found")
        assert stranger.get(JOBS).json()["results"] == []

    def test_it_asks_for_a_token(self):
        response = ApiClient().get(JOBS)
        assert (response.status_code, response.json()["code"]) == (401, "not_authenticated")
        assert response["WWW-Authenticate"] == "Bearer"

    def test_it_knows_no_such_address(self, client):
        response = client.post("/api/v1/job")
        assert (response.status_code, response.json()["code"]) == (404, "not_found")
        assert response["Content-Type"] == "application/problem+json"


class TestList:
    def test_it_pages_through_own_jobs_newest_first(self, api, alice):
        jobs = [queued_job(alice, f"boat {n}") for n in range(5)]
        services.cancel_job(alice, jobs[0].pk)
        first = api.get(JOBS, limit=3).json()
        second = api.get(JOBS, limit=3, cursor=first["next_cursor"]).json()
        seen = [job["id"] for job in first["results"] + second["results"]]
        assert seen == [str(job.pk) for job in reversed(jobs)]
        assert second["next_cursor"] is None

    @pytest.mark.parametrize("query", [{"limit": "0"}, {"limit": "101"}, {"limit": "²"}, {"cursor": "damaged"}])
    def test_it_refuses_a_page_that_cannot_be(self, api, query):
        response = api.get(JOBS, **query)
        assert (response.status_code, response.json()["parameter"]) == (422, next(iter(query)))

    def test_it_costs_the_same_for_any_number_of_jobs(self, api, alice, bob, django_assert_num_queries):
        finished_job(alice)
        api.get(JOBS)  # the first use of a token is written down
        for count in (1, 4):
            queued_job(bob)
            for _ in range(count):
                queued_job(alice)
            with django_assert_num_queries(5):  # token, jobs, images, places, seconds per job
                places = [job["progress"]["position"] for job in api.get(JOBS).json()["results"]]
        assert places == [7, 6, 5, 4, 2, None]


class TestCancel:
    def test_it_ends_a_waiting_job(self, api, alice):
        response = api.post(f"{job_address(queued_job(alice))}/cancel")
        assert (response.status_code, response.json()["status"]) == (200, "canceled")

    def test_it_leaves_a_finished_job_as_it_is(self, api, alice):
        assert api.post(f"{job_address(finished_job(alice))}/cancel").json()["status"] == "succeeded"


class TestActions:
    def test_it_upscales_one_picture(self, api, alice):
        job = finished_job(alice)
        response = act(api, job, action="upscale", index=2)
        body = response.json()
        assert response.status_code == 202
        assert response["Location"].endswith(body["id"])
        assert (body["kind"], body["source_image"]) == ("upscale", str(job.images.get(index=2).pk))
        assert body["parent_job"] == str(job.pk)

    def test_it_varies_as_strongly_as_asked(self, api, alice):
        job = finished_job(alice)
        strengths = {}
        for strength in ("subtle", "strong"):
            child = act(api, job, action="vary", index=1, strength=strength).json()
            strengths[strength] = Job.objects.get(pk=child["id"]).plan.stages[0].strength
        assert strengths["subtle"] < strengths["strong"]

    def test_it_rerolls_the_job(self, api, alice):
        body = act(api, finished_job(alice), action="reroll").json()
        assert (body["kind"], body["prompt"]) == ("reroll", PROMPT)

    def test_its_child_is_finished_like_any_job(self, api, alice):
        child = act(api, finished_job(alice), action="upscale", index=1).json()
        finish(Job.objects.get(pk=child["id"]))
        assert [image["index"] for image in api.get(child["urls"]["get"]).json()["images"]] == [1]

    def test_it_waits_for_the_pictures(self, api, alice):
        response = act(api, queued_job(alice), action="vary", index=1)
        assert (response.status_code, response.json()["code"]) == (409, "job_not_finished")

    def test_it_knows_only_the_pictures_there_are(self, api, alice):
        upscaled = finish(Job.objects.get(pk=act(api, finished_job(alice), action="upscale", index=1).json()["id"]))
        response = act(api, upscaled, action="vary", index=2)
        assert (response.status_code, response.json()["code"]) == (404, "image_not_found")

    @pytest.mark.parametrize(
        ("body", "wrong"),
        [
            ({}, ("action", "required")),
            ({"action": "paint", "index": 1}, ("action", "invalid_choice")),
            ({"action": "upscale"}, ("index", "required")),
            ({"action": "upscale", "index": 5}, ("index", "max_value")),
            ({"action": "upscale", "index": 1, "strength": "subtle"}, ("strength", "not_applicable")),
            ({"action": "reroll", "index": 1}, ("index", "not_applicable")),
            ({"action": "reroll", "indx": 1}, ("indx", "unknown_field")),
        ],
    )
    def test_it_refuses_an_action_that_makes_no_sense(self, api, alice, body, wrong):
        response = act(api, queued_job(alice), **body)
        assert response.status_code == 422
        assert codes(response) == [wrong]

    def test_it_knows_no_job_that_does_not_exist(self, api):
        assert api.get(f"{JOBS}/{uuid4()}").status_code == 404


class TestSeveral:
    """Prompts that make more than one job."""

    def test_they_come_as_a_list_behind_the_first(self, api):
        response = api.post(JOBS, {"prompt": "a {red, blue} boat --v 7"}, key="k")
        body = response.json()
        assert response.status_code == 202
        assert [job["prompt"] for job in body["jobs"]] == ["a red boat --v 7", "a blue boat --v 7"]
        assert body["id"] == body["jobs"][0]["id"]
        assert response["Location"] == body["urls"]["self"]
        assert body["group"] == body["jobs"][1]["group"] is not None
        assert [note["code"] for note in body["notes"]] == ["noted"]
        again = api.post(JOBS, {"prompt": "a {red, blue} boat --v 7"}, key="k").json()
        assert [job["id"] for job in again["jobs"]] == [job["id"] for job in body["jobs"]]

    def test_one_job_is_answered_as_ever(self, api):
        body = api.post(JOBS, {"prompt": "a boat"}).json()
        assert "jobs" not in body
        assert (body["group"], body["notes"]) == (None, [])

    def test_too_many_are_none(self, api, settings):
        settings.MJWEB_MAX_JOBS_PER_PROMPT = 2
        refused = api.post(JOBS, {"prompt": "a {red, blue, green} boat"})
        assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "too_many_jobs")
        assert api.get(JOBS).json()["results"] == []
