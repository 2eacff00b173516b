"""Shorter prompts and descriptions as a program gets them; what workers say of them is tested with the workers."""

from __future__ import annotations

import pytest

from generation.jobs import questions
from generation.jobs.questions import Question
from generation.models import Worker
from tests.factories import finished_job
from tests.generation.api.api_client import ApiClient

pytestmark = pytest.mark.django_db
SHORTEN = "/api/v1/prompts/shorten"
CLIP = "clip-of-this-test"


def describe(image) -> str:
    return f"/api/v1/images/{image.pk}/describe"


@pytest.fixture
def house():
    """The answer of a worker to the words `red house`."""
    words = [{"text": "red", "part": 0, "share": 0.4}, {"text": "house", "part": 0, "share": 1.0}]
    answer = {"words": words, "shorter": [["house"]]}
    questions.give_answer("nobody", Question(kind="shorten", parts=("red house",)), answer, CLIP)


@pytest.fixture
def image(alice, checkpoint):
    """A private picture that was asked about before."""
    image = finished_job(alice, "a boat --stealth").images.get(index=1)
    shown = {"topic": "subject", "phrase": "boat", "gain": 0.2, "rival": None, "margin": 0.0}
    answer = {"prompts": ["boat", "a boat"], "shown": [shown]}
    question = Question(kind="describe", file=image.original_name, model=checkpoint.name)
    questions.give_answer("nobody", question, answer, CLIP)
    return image


def test_it_ranks_words_and_offers_shorter_prompts(api, house):
    body = api.post(SHORTEN, {"prompt": "red house --seed 4"}).json()
    assert [(word["text"], word["share"]) for word in body["words"]] == [("red", 0.4), ("house", 1.0)]
    assert body["prompts"] == ["house --seed 4"]


def test_it_says_what_is_wrong_with_a_prompt(api):
    response = api.post(SHORTEN, {"prompt": "red house --ar 99:1"})
    assert (response.status_code, response.json()["code"]) == (422, "bad_prompt")
    assert api.post(SHORTEN, {}).status_code == 422
    assert api.post(SHORTEN, {"prompt": "a", "n": 4}).status_code == 422


def test_it_describes_an_own_picture(api, image):
    body = api.post(describe(image)).json()
    assert body["prompts"] == ["boat --ar 1:1", "a boat --ar 1:1"]
    assert body["shown"][0]["phrase"] == "boat"


def test_it_hides_what_somebody_elses_private_picture_shows(stranger, image):
    response = stranger.post(describe(image))
    assert (response.status_code, response.json()["code"]) == (404, "image_not_found")


def test_it_describes_somebody_elses_public_picture(stranger, image):
    type(image).objects.filter(pk=image.pk).update(visibility="public")
    assert stranger.post(describe(image)).status_code == 200


def test_without_a_worker_it_says_so_at_once(api, alice):
    image = finished_job(alice).images.get(index=1)
    Worker.objects.all().delete()
    for response in (api.post(describe(image)), api.post(SHORTEN, {"prompt": "a teal house"})):
        assert (response.status_code, response.json()["code"]) == (503, "no_worker")
        assert response["Retry-After"]


def test_it_says_that_no_answer_came(api, monkeypatch):
    monkeypatch.setattr("generation.jobs.questions.WAIT_S", 1)
    monkeypatch.setattr("generation.jobs.questions.current_app.send_task", lambda *_, **__: None)
    response = api.post(SHORTEN, {"prompt": "an unheard house"})
    assert (response.status_code, response.json()["code"]) == (503, "not_answered")


def test_it_answers_one_question_per_person_at_a_time(api, alice):
    with questions._turn_of(alice):
        response = api.post(SHORTEN, {"prompt": "a lime house"})
    assert (response.status_code, response.json()["code"]) == (429, "still_asking")


def test_it_asks_for_a_token(image):
    assert ApiClient().post(SHORTEN, {"prompt": "a"}).status_code == 401
    assert ApiClient().post(describe(image)).status_code == 401
