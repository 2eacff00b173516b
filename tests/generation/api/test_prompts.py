"""The dry run of a prompt."""

from __future__ import annotations

import pytest

from generation.models import Job
from tests.factories import finished_job

pytestmark = pytest.mark.django_db
PARSE = "/api/v1/prompts/parse"


def test_it_tells_what_a_prompt_means_and_would_make(api):
    body = api.post(PARSE, {"prompt": "lighthouse::2 rain:: --no people, text --ar 3:2 --seed 7 --q .5"}).json()
    assert body["parts"] == [{"text": "lighthouse", "weight": 2.0}, {"text": "rain", "weight": 1.0}]
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
    bodies = [api.post(address, {"prompt": "a boat --ar 9:1"}).json() for address in (PARSE, "/api/v1/jobs")]
    assert bodies[0] == bodies[1]
    assert bodies[0]["code"] == "bad_prompt"


def test_it_refuses_unknown_fields(api):
    assert api.post(PARSE, {"prompt": "a boat", "n": 4}).status_code == 422
