"""The dry run of a prompt."""

from __future__ import annotations

import time

import pytest

from generation.models import Job
from tests.factories import finished_job

pytestmark = pytest.mark.django_db
PARSE = "/api/v1/prompts/parse"


def test_it_tells_what_a_prompt_means_and_would_make(api):
    body = api.post(PARSE, {"prompt": "lighthouse::2 rain:: --no people, text --ar 3:2 --seed 7 --q .5"}).json()
    assert [(part["text"], part["weight"]) for part in body["parts"]] == [("lighthouse", 2.0), ("rain", 1.0)]
    assert (body["negative"], body["aspect"], body["seed"], body["quality"]) == (["people", "text"], "3:2", 7, 0.5)
    assert body["plan"]["pictures"] == 4
    assert body["plan"]["width"] > body["plan"]["height"]
    assert body["plan"]["engine_s"] is None
    assert api.post(PARSE, {"prompt": body["canonical"]}).json()["canonical"] == body["canonical"]


def test_it_makes_no_job(api):
    api.post(PARSE, {"prompt": "a boat"})
    assert not Job.objects.exists()


def test_it_knows_how_long_pictures_took(api, alice):
    finished_job(alice)
    assert api.post(PARSE, {"prompt": "a boat"}).json()["plan"]["engine_s"] == 1.0


def test_it_warns_of_what_may_not_be_meant(api):
    warnings = api.post(PARSE, {"prompt": "flowers--ar 2:3"}).json()["warnings"]
    assert [(warning["code"], warning["start"]) for warning in warnings] == [("missing_space", 7)]


def test_it_warns_of_words_that_the_model_does_not_know(api):
    warnings = api.post(PARSE, {"prompt": "an obsidian chandelier"}).json()["warnings"]
    assert [(warning["code"], warning["start"], warning["end"]) for warning in warnings] == [("unknown_words", 0, 22)]


def test_it_refuses_what_submitting_would_refuse(api):
    bodies = [api.post(address, {"prompt": "a boat --ar 19:1"}).json() for address in (PARSE, "/api/v1/jobs")]
    assert bodies[0] == bodies[1]
    assert bodies[0]["code"] == "bad_prompt"


def test_it_refuses_unknown_fields(api):
    assert api.post(PARSE, {"prompt": "a boat", "n": 4}).status_code == 422


def parsed(api, prompt: str, **fields):
    return api.post(PARSE, {"prompt": prompt, **fields}).json()


def test_it_shows_every_parameter_with_its_value(api):
    chips = {chip["name"]: chip for chip in parsed(api, "a boat --c 30 --ar 3:2")["parameters"]}
    assert (chips["chaos"]["value"], chips["chaos"]["given"]) == ("30", True)
    assert (chips["weird"]["given"], chips["ar"]["value"]) == (False, "3:2")
    assert all(chip["sentence"] for chip in chips.values())


def test_it_counts_the_tokens_of_each_part(api):
    first, second = parsed(api, f"a red boat:: {'lighthouse ' * 90}")["parts"]
    assert first["tokens"] == {"count": 3, "capacity": 75, "pieces": 1, "unread": ""}
    assert (second["tokens"]["count"], second["tokens"]["pieces"]) == (90, 2)
    body = parsed(api, "灯" * 300 + " boat")
    assert body["parts"][0]["tokens"]["unread"].endswith("boat")
    assert "too_many_tokens" in [note["code"] for note in body["notes"]]


def test_it_counts_jobs_and_pictures_and_what_they_take_together(api, alice):
    finished_job(alice)
    one, many = parsed(api, "a red boat"), parsed(api, "a {red, blue} boat --repeat 2 --best 8")
    assert (one["jobs"], one["images"], many["jobs"], many["images"]) == (1, 4, 4, 16)
    assert many["plan"]["engine_s"] == pytest.approx(8 * one["plan"]["engine_s"])
    larger = parsed(api, "a red boat --hires 2")["plan"]["engine_s"]  # a quarter of the steps, at four times the size
    assert larger == pytest.approx(2 * one["plan"]["engine_s"])
    assert one["plan"]["starts_in_s"] == 1


def test_it_says_which_words_a_small_model_knows(api):
    body = parsed(api, "a red obsidian lighthouse")
    assert "lighthouse" in body["known_words"]
    assert body["unknown_words"] == ["obsidian"]


def test_it_says_what_changes_nothing_and_refuses_what_the_model_cannot(api):
    assert [note["code"] for note in parsed(api, "a boat --v 7")["notes"]] == ["noted"]
    refused = parsed(api, "a boat --hires 4 --ar 3:1")
    assert [(error["code"], error["start"]) for error in refused["errors"]] == [("not_with_this_model", 7)]


def test_it_takes_less_than_typing_would_notice(api, alice):
    """By the time of its own thread, so that a busy machine does not count; goal 20 ms."""
    finished_job(alice)
    prompt = "a {red, blue} lighthouse::2 by the sea:: watercolor --ar 3:2 --no people --chaos 10 --sref 42 --best 8"
    parsed(api, prompt)
    took = []
    for _ in range(5):
        started = time.thread_time()
        assert api.post_unchecked(PARSE, {"prompt": prompt}).status_code == 200
        took.append(time.thread_time() - started)
    assert min(took) < 0.06
