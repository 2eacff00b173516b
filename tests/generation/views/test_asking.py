"""Shorten and Describe, from the bar. What the workers say is tested with them."""

from http import HTTPStatus
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from generation.jobs import questions
from generation.jobs.fetching import MOST_BYTES
from generation.jobs.questions import Question
from generation.jobs.uploads import keep_upload
from tests.factories import finished_job
from tests.generation.api.test_uploads import picture

SHORTEN, DESCRIBE = reverse("prompt-shorten"), reverse("image-tell")
CLIP = "clip-of-this-test"


@pytest.fixture
def signed_in(client, alice, checkpoint):
    client.force_login(alice)
    return client


def test_words_stand_as_strong_as_they_tell_and_shorter_prompts_can_be_taken(signed_in):
    words = [{"text": "red", "part": 0, "share": 0.4}, {"text": "house", "part": 0, "share": 1.0}]
    answer = {"words": words, "shorter": [["house"]]}
    questions.give_answer("nobody", Question(kind="shorten", parts=("red house",)), answer, CLIP)
    text = signed_in.post(SHORTEN, {"prompt": "red house --seed 4"}).text
    assert 'data-share="3">red' in text
    assert 'data-share="5">house' in text
    assert 'data-use="house --seed 4"' in text


def test_a_wrong_prompt_is_told_where_the_answer_would_be(signed_in):
    refused = signed_in.post(SHORTEN, {"prompt": "a boat --ar 99:1"})
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert refused["HX-Retarget"] == "#shortened"


def described(file: str, model: str) -> None:
    asked = Question(kind="describe", file=file, model=model)
    questions.give_answer("nobody", asked, {"prompts": ["a boat"], "shown": []}, CLIP)


def test_a_picture_that_is_brought_along_gets_prompts(signed_in, alice, checkpoint):
    described(keep_upload(alice, picture()).original_name, checkpoint.name)
    text = signed_in.post(DESCRIBE, {"file": SimpleUploadedFile("boat.jpg", picture())}).text
    assert 'data-use="a boat --ar 2:1"' in text


def test_a_picture_of_this_server_gets_prompts_if_one_may_see_it(signed_in, bob, checkpoint):
    image = finished_job(bob).images.first()
    described(image.original_name, checkpoint.name)
    assert 'data-use="a boat --ar 1:1"' in signed_in.post(DESCRIBE, {"image": image.pk}).text
    private = finished_job(bob, "a private boat --stealth").images.first()
    assert signed_in.post(DESCRIBE, {"image": private.pk}).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({}, "Choose a picture"),
        ({"file": SimpleUploadedFile("notes.txt", b"words")}, "no PNG, JPEG, WebP or GIF"),
        ({"file": SimpleUploadedFile("huge.png", b"x" * (MOST_BYTES + 1))}, "at most 10 MB"),
        ({"image": "no-address"}, "damaged"),
        ({"image": str(uuid4())}, "no such picture"),
    ],
    ids=["nothing", "no picture", "too large", "no address", "unknown"],
)
def test_what_cannot_be_described_says_why(signed_in, body, sentence):
    refused = signed_in.post(DESCRIBE, body)
    assert refused.status_code >= HTTPStatus.BAD_REQUEST
    assert sentence in refused.text
    assert refused["HX-Retarget"] == "#described"
