from datetime import timedelta
from http import HTTPStatus
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from generation.jobs import records, services
from generation.models import Image, Job
from generation.views import create as page
from tests.factories import claimed, finish, finished_job, queued_job

HTMX = {"HX-Request": "true"}


@pytest.fixture
def signed_in(client, alice, checkpoint):
    client.force_login(alice)
    return client


def test_strangers_are_sent_to_the_sign_in_and_back(client, db):
    answer = client.get(reverse("create"))
    assert answer.status_code == HTTPStatus.FOUND
    assert answer.url == f"{reverse('account_login')}?next={reverse('create')}"


def test_the_page_works_before_the_first_model_is_registered(client, alice):
    client.force_login(alice)
    assert client.get(reverse("create")).status_code == HTTPStatus.OK


def test_a_waiting_job_says_its_place_in_line(signed_in, alice):
    queued_job(alice)
    second = queued_job(alice, "a green balloon")
    body = signed_in.get(reverse("create")).text
    assert f'id="job-{second.pk}"' in body
    assert "2nd in line" in body


def test_more_pictures_than_stay_are_shown_on_one_sheet_of_four(signed_in, alice):
    queued_job(alice, "a boat --best 9")
    body = signed_in.get(reverse("create")).text
    assert 'data-pictures="4" data-ranked' in body
    assert body.count("<li></li>") == 4


def test_a_reload_in_mid_grid_shows_the_step_and_the_preview(signed_in, alice, monkeypatch):
    claim = claimed(queued_job(alice))
    records.record_progress(claim, step=14, steps=24)
    monkeypatch.setattr("generation.jobs.selectors.latest_preview", lambda _: "data:image/webp;base64,AAAA")
    body = signed_in.get(reverse("create")).text
    assert "Step 14 of 24" in body
    assert "58 %" in body
    assert 'src="data:image/webp;base64,AAAA"' in body


def test_a_finished_job_links_its_four_pictures_and_offers_to_work_on_each(signed_in, alice):
    job = finished_job(alice)
    body = signed_in.get(reverse("create")).text
    for image in job.images.all():
        assert reverse("image", args=[image.pk]) in body
        assert reverse("image-upscale", args=[image.pk]) in body
        assert reverse("image-vary", args=[image.pk]) in body
    assert 'data-announce="Four pictures are ready: a red lighthouse by the sea"' in body


def test_an_upscaled_picture_is_opened_instead_of_made_again(signed_in, alice):
    image = finished_job(alice).images.first()
    upscaled = finish(services.upscale_image(alice, image.pk)).images.get()
    card = signed_in.get(reverse("job-card", args=[image.job_id])).text
    assert f'<a href="{reverse("image", args=[upscaled.pk])}" data-done' in card
    assert reverse("image-upscale", args=[image.pk]) not in card


def test_somebody_elses_upscale_of_a_picture_is_not_shown_as_ones_own(signed_in, alice, bob):
    image = finished_job(alice).images.first()
    finish(services.upscale_image(bob, image.pk))
    card = signed_in.get(reverse("job-card", args=[image.job_id])).text
    assert reverse("image-upscale", args=[image.pk]) in card
    assert "data-done" not in card


def test_a_failed_job_says_what_happened(signed_in, alice):
    records.fail_job(claimed(queued_job(alice)), code="out_of_memory", sentence="The GPU ran out of memory.")
    body = signed_in.get(reverse("create")).text
    assert "The GPU ran out of memory." in body
    assert "Try again" in body


def test_only_ones_own_jobs_are_there_and_no_canceled_ones(signed_in, alice, bob):
    canceled = queued_job(alice, "a canceled boat")
    services.cancel_job(alice, canceled.pk)
    queued_job(bob, "a boat of bob")
    body = signed_in.get(reverse("create")).text
    assert "a canceled boat" not in body
    assert "a boat of bob" not in body


def test_older_jobs_come_page_by_page_each_once(signed_in, alice, monkeypatch):
    monkeypatch.setattr(page, "JOBS_PER_PAGE", 2)
    jobs = [queued_job(alice, f"boat number {number}") for number in range(3)]
    Job.objects.filter(pk=jobs[0].pk).update(created_at=timezone.now() - timedelta(days=1))
    first = signed_in.get(reverse("create"))
    cursor = first.context["next_cursor"]
    assert "boat number 0" not in first.text
    second = signed_in.get(reverse("create"), {"cursor": cursor}, headers=HTMX)
    assert "boat number 0" in second.text
    assert "boat number 1" not in second.text
    assert "<html" not in second.text


def test_a_damaged_cursor_is_a_sentence_not_a_crash(signed_in):
    answer = signed_in.get(reverse("create"), {"cursor": "nonsense"})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "This page link is damaged" in answer.text


def test_remix_fills_the_bar_with_the_words_of_a_public_picture(signed_in, bob):
    image = finished_job(bob, "a cat of bob --ar 3:2").images.first()
    body = signed_in.get(reverse("create"), {"remix": image.pk}).text
    assert "a cat of bob --ar 3:2</textarea>" in body
    assert f'name="remix" value="{image.pk}"' in body


def test_remix_of_somebodys_private_picture_is_refused_as_if_it_were_not_there(signed_in, bob):
    image = finished_job(bob, "a private cat --stealth").images.first()
    refused = signed_in.get(reverse("create"), {"remix": image.pk})
    absent = signed_in.get(reverse("create"), {"remix": uuid4()})
    assert refused.status_code == absent.status_code == HTTPStatus.NOT_FOUND
    assert "a private cat" not in refused.text


def test_the_number_of_queries_does_not_grow_with_the_jobs(signed_in, alice, django_assert_max_num_queries):
    for _ in range(4):
        image = finished_job(alice).images.first()
        finish(services.upscale_image(alice, image.pk))
    assert Image.objects.count() == 4 * 5
    with django_assert_max_num_queries(10):
        signed_in.get(reverse("create"))


@pytest.mark.parametrize("theme", ["light", "auto", "dark"])
def test_the_chosen_theme_is_in_the_first_byte_of_the_page(signed_in, theme):
    signed_in.cookies["theme"] = theme
    assert f'<html lang="en" data-theme="{theme}">' in signed_in.get(reverse("create")).text


def test_a_theme_that_nobody_offered_is_ignored(signed_in):
    signed_in.cookies["theme"] = '"><script>'
    assert '<html lang="en" data-theme="dark">' in signed_in.get(reverse("create")).text


def test_the_page_holds_nothing_that_its_own_policy_refuses(signed_in, alice):
    finished_job(alice)
    answer = signed_in.get(reverse("create"))
    assert "unsafe-inline" not in answer["Content-Security-Policy"]
    assert " style=" not in answer.text
    assert "<script>" not in answer.text
    assert " onclick=" not in answer.text


def test_a_card_tells_how_its_prompt_was_read(signed_in, alice):
    job = queued_job(alice, "a boat --guidance 3 --exp 10")
    [note] = job.notes
    assert f"<li>{note['sentence']}</li>" in signed_in.get(reverse("job-card", args=[job.pk])).text
    plain = queued_job(alice, "a boat")
    assert "job__notes" not in signed_in.get(reverse("job-card", args=[plain.pk])).text


@pytest.mark.parametrize(
    ("role", "text"),
    [
        ({}, "image:{0}"),
        ({"role": "prompt", "prompt": "a boat"}, "image:{0} a boat"),
        ({"role": "style", "prompt": "a boat"}, "a boat --sref image:{0}"),
        ({"role": "start", "prompt": "a boat"}, "image:{0} a boat --strength .6"),
    ],
    ids=["no role", "prompt", "style", "start"],
)
def test_a_picture_comes_into_the_bar_in_its_role(signed_in, bob, role, text):
    image = finished_job(bob).images.first()
    body = signed_in.get(reverse("create"), {"image": image.pk, **role}).text
    assert f"{text.format(image.pk)}</textarea>" in body


def test_several_pictures_come_together(signed_in, alice):
    first, second = finished_job(alice).images.all()[:2]
    body = signed_in.get(reverse("create"), {"image": [first.pk, second.pk]}).text
    assert f"image:{first.pk} image:{second.pk}</textarea>" in body


def test_a_picture_that_one_may_not_use_is_refused(signed_in, bob):
    image = finished_job(bob, "a private cat --stealth").images.first()
    assert signed_in.get(reverse("create"), {"image": image.pk}).status_code == HTTPStatus.NOT_FOUND
    assert signed_in.get(reverse("create"), {"image": "none"}).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    public = finished_job(bob).images.first()
    refused = signed_in.get(reverse("create"), {"image": public.pk, "role": "frame"})
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


@pytest.mark.parametrize("page_of_bar", ["explore", "help", "my-images"])
def test_the_bar_is_on_other_pages_for_those_who_are_signed_in(client, alice, checkpoint, page_of_bar):
    if page_of_bar != "my-images":
        assert 'id="imagine"' not in client.get(reverse(page_of_bar)).text
    client.force_login(alice)
    text = client.get(reverse(page_of_bar)).text
    assert text.count('id="imagine"') == 1
    assert f'data-leads-to="{reverse("create")}"' in text
    assert "csrfmiddlewaretoken" in text
    assert " style=" not in text
