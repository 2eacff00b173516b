"""The contact sheet as a page."""

from http import HTTPStatus

import pytest
from django.urls import reverse

from generation.jobs.services import cancel_job, submit_prompts
from tests.factories import finish


@pytest.fixture
def signed_in(client, alice, checkpoint):
    client.force_login(alice)
    return client


def test_it_shows_every_picture_by_what_was_varied(signed_in, alice):
    jobs = submit_prompts(alice, "a {red, blue} boat {by day, by night}")
    for job in jobs[:3]:
        finish(job)
    page = signed_in.get(reverse("group", args=[jobs[0].group_id]))
    assert page.status_code == HTTPStatus.OK
    assert '<th scope="col">by night</th>' in page.text
    assert '<th scope="row">blue</th>' in page.text
    for image in jobs[0].images.all():
        assert reverse("image", args=[image.pk]) in page.text
    assert "12 pictures" in page.text
    assert "Waiting" in page.text
    assert "every 4s" in page.text


def test_it_rests_when_all_are_made(signed_in, alice):
    jobs = submit_prompts(alice, "a {red, blue} boat")
    finish(jobs[0])
    cancel_job(alice, jobs[1].pk)
    text = signed_in.get(reverse("group", args=[jobs[0].group_id])).text
    assert "every 4s" not in text
    assert "Canceled" in text
    assert "<h2>red</h2>" in text  # one axis: a list that fills the page, no table of one column
    assert "<table" not in text.partition('id="contact"')[2].partition("</main>")[0]
