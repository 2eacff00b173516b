import re
from http import HTTPStatus
from uuid import uuid4

import pytest
from django.urls import reverse

from generation.models import Job, JobKind, JobState
from tests.factories import finished_job, queued_job

HTMX = {"HX-Request": "true"}
SUBMIT = "/jobs/"


@pytest.fixture
def signed_in(client, alice, checkpoint):
    client.force_login(alice)
    return client


def test_a_submitted_prompt_is_answered_with_its_card(signed_in, alice):
    answer = signed_in.post(SUBMIT, {"prompt": "a red lighthouse --ar 3:2"}, headers=HTMX)
    job = Job.objects.get()
    assert answer.status_code == HTTPStatus.OK
    assert f'id="job-{job.pk}"' in answer.text
    assert 'data-state="queued"' in answer.text
    assert (job.owner, job.prompt) == (alice, "a red lighthouse --ar 3:2")


def test_a_prompt_of_several_jobs_is_answered_with_their_cards_newest_first(signed_in):
    answer = signed_in.post(SUBMIT, {"prompt": "a {red, blue} lighthouse"}, headers=HTMX)
    first, second = Job.objects.order_by("group_place")
    assert answer.text.index(f'id="job-{second.pk}"') < answer.text.index(f'id="job-{first.pk}"')


def test_what_the_model_cannot_do_is_a_note_at_its_place(signed_in):
    answer = signed_in.post(SUBMIT, {"prompt": "a lighthouse --hires 4 --ar 3:1"}, headers=HTMX)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "on the long side" in answer.text
    assert not Job.objects.exists()


def test_a_picture_that_is_not_there_is_a_note(signed_in):
    reference = f"image:{uuid4()}"
    answer = signed_in.post(SUBMIT, {"prompt": f"{reference} a lighthouse"}, headers=HTMX)
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert "There is no such picture." in answer.text


def test_without_script_a_submitted_prompt_leads_back_to_the_page(signed_in):
    answer = signed_in.post(SUBMIT, {"prompt": "a red lighthouse"})
    assert answer.status_code == HTTPStatus.FOUND
    assert answer.url == reverse("create")


def test_the_same_key_twice_makes_one_job(signed_in):
    for _ in range(2):
        signed_in.post(SUBMIT, {"prompt": "a red lighthouse", "key": "one"}, headers=HTMX)
    assert Job.objects.count() == 1


def test_a_bad_prompt_is_answered_with_a_note_that_mends_it(signed_in):
    answer = signed_in.post(SUBMIT, {"prompt": "a red lighthouse --stilize 9"}, headers=HTMX)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert answer["HX-Retarget"] == "#prompt-note"
    assert "--stilize is not a parameter. Did you mean --stylize?" in answer.text
    assert 'data-fix="--stylize" data-start="17" data-end="26"' in answer.text
    assert not Job.objects.exists()


def test_without_script_a_bad_prompt_keeps_its_text_with_the_error_marked(signed_in):
    answer = signed_in.post(SUBMIT, {"prompt": "a red lighthouse --stilize 9"})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "a red lighthouse --stilize 9</textarea>" in answer.text
    assert '<mark data-kind="error">--stilize</mark>' in answer.text
    assert "Did you mean --stylize?" in answer.text


MARKUP = "<img src=x> </textarea><blink>"


def test_markup_in_a_prompt_is_words_on_its_card(signed_in):
    """A parameter begins after a space: what touches the tag belongs to the words."""
    answer = signed_in.post(SUBMIT, {"prompt": f"{MARKUP}--wat 1"}, headers=HTMX)
    assert Job.objects.get().prompt == f"{MARKUP}--wat 1"
    assert "<img src=x>" not in answer.text
    assert "</textarea><blink>" not in answer.text
    assert "&lt;img src=x&gt; &lt;/textarea&gt;&lt;blink&gt;--wat 1</p>" in answer.text


def test_markup_in_a_refused_prompt_is_text_in_the_bar_and_its_ink(signed_in):
    answer = signed_in.post(SUBMIT, {"prompt": f"{MARKUP} --wat <i>1"})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert not re.search("<(img src=x|blink|i)>", answer.text)
    assert "&lt;/textarea&gt;&lt;blink&gt; --wat &lt;i&gt;1</textarea>" in answer.text
    assert '<mark data-kind="error">--wat &lt;i&gt;1</mark>' in answer.text


def test_markup_in_a_note_is_text(signed_in):
    answer = signed_in.post(SUBMIT, {"prompt": "a boat --public <script>alert(1)</script>"}, headers=HTMX)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "<script>" not in answer.text
    assert "“&lt;script&gt;alert(1)&lt;/script&gt;” stands after --public." in answer.text


def test_an_empty_prompt_is_refused_with_a_sentence(signed_in):
    answer = signed_in.post(SUBMIT, {"prompt": "  "}, headers=HTMX)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "imagine__note" in answer.text


def test_a_full_queue_is_a_note_and_the_text_is_kept(signed_in, alice, settings):
    settings.MJWEB_MAX_WAITING_JOBS = 1
    queued_job(alice)
    answer = signed_in.post(SUBMIT, {"prompt": "one more boat"})
    assert answer.status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert "You have 1 jobs in line" in answer.text
    assert "one more boat</textarea>" in answer.text


def test_a_remix_remembers_the_picture_it_came_from(signed_in, bob):
    image = finished_job(bob).images.first()
    signed_in.post(SUBMIT, {"prompt": "a blue lighthouse", "remix": image.pk}, headers=HTMX)
    job = Job.objects.get(prompt="a blue lighthouse")
    assert (job.kind, job.source) == (JobKind.REMIX, image)


@pytest.mark.parametrize("remix", [str(uuid4()), "no-address"], ids=["unknown", "no address"])
def test_a_remix_of_nothing_is_refused(signed_in, remix):
    answer = signed_in.post(SUBMIT, {"prompt": "a blue lighthouse", "remix": remix}, headers=HTMX)
    assert answer.status_code in {HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY}
    assert not Job.objects.exists()


def test_cancel_takes_the_card_away_and_offers_a_way_back(signed_in, alice):
    job = queued_job(alice)
    answer = signed_in.post(reverse("job-cancel", args=[job.pk]), headers=HTMX)
    job.refresh_from_db()
    assert job.state == JobState.CANCELED
    assert answer.status_code == HTTPStatus.OK
    assert 'id="job-' not in answer.text
    assert f'hx-post="{reverse("job-retry", args=[job.pk])}"' in answer.text
    again = signed_in.post(reverse("job-retry", args=[job.pk]), headers={**HTMX, "HX-Target": "jobs"})
    assert 'data-state="queued"' in again.text
    assert signed_in.get(reverse("job-card", args=[job.pk]), headers=HTMX).text == ""


def test_cancel_after_the_end_shows_the_finished_card(signed_in, alice):
    job = finished_job(alice)
    answer = signed_in.post(reverse("job-cancel", args=[job.pk]), headers=HTMX)
    assert 'data-state="succeeded"' in answer.text


@pytest.mark.parametrize("name", ["job-card", "job-cancel", "job-reroll"])
def test_other_peoples_jobs_are_not_there(signed_in, bob, name):
    job = queued_job(bob, "a secret boat")
    ask = signed_in.get if name == "job-card" else signed_in.post
    answer = ask(reverse(name, args=[job.pk]), headers=HTMX)
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert "a secret boat" not in answer.text
    job.refresh_from_db()
    assert job.state == JobState.QUEUED


def test_reroll_is_the_same_with_new_seeds(signed_in, alice):
    job = finished_job(alice)
    signed_in.post(reverse("job-reroll", args=[job.pk]), headers=HTMX)
    again = Job.objects.get(parent=job)
    assert again.kind == JobKind.REROLL
    assert again.plan.seeds != job.plan.seeds
    assert again.prompt == job.prompt


def test_upscale_makes_one_picture_of_twice_the_size(signed_in, alice):
    image = finished_job(alice).images.first()
    answer = signed_in.post(reverse("image-upscale", args=[image.pk]), headers=HTMX)
    job = Job.objects.get(kind=JobKind.UPSCALE)
    assert (job.plan.width_px, len(job.plan.seeds)) == (2 * image.width_px, 1)
    assert 'data-pictures="1"' in answer.text


def test_upscaling_twice_is_the_same_job(signed_in, alice):
    image = finished_job(alice).images.first()
    answers = [signed_in.post(reverse("image-upscale", args=[image.pk]), headers=HTMX).text for _ in range(2)]
    job = Job.objects.get(kind=JobKind.UPSCALE)
    assert all(f'id="job-{job.pk}"' in answer for answer in answers)


@pytest.mark.parametrize(("strength", "share"), [("subtle", 0.55), ("strong", 0.8)])
def test_vary_starts_from_the_picture(signed_in, alice, strength, share):
    image = finished_job(alice).images.first()
    signed_in.post(reverse("image-vary", args=[image.pk]), {"strength": strength}, headers=HTMX)
    job = Job.objects.get(kind=JobKind.VARY)
    assert (job.source, job.plan.stages[0].strength) == (image, share)


def test_an_unknown_strength_is_refused(signed_in, alice):
    image = finished_job(alice).images.first()
    answer = signed_in.post(reverse("image-vary", args=[image.pk]), {"strength": "wild"}, headers=HTMX)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert not Job.objects.filter(kind=JobKind.VARY).exists()


@pytest.mark.parametrize("name", ["image-upscale", "image-vary"])
def test_private_pictures_of_others_cannot_be_worked_on(signed_in, bob, name):
    image = finished_job(bob, "a private cat --stealth").images.first()
    assert signed_in.post(reverse(name, args=[image.pk]), headers=HTMX).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("name", ["job-cancel", "job-reroll", "image-upscale", "image-vary"])
def test_buttons_are_not_links(signed_in, name):
    assert signed_in.get(reverse(name, args=[uuid4()])).status_code == HTTPStatus.METHOD_NOT_ALLOWED
