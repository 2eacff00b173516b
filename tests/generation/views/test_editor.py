"""The editor's page and its form."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from generation.models import Job, JobKind
from tests.factories import finished_job
from tests.generation.jobs.test_editing import mask_png

JSON = {"Accept": "application/json"}
PLACE = {"canvas_width": "192", "canvas_height": "128", "left": "0", "top": "0", "width": "128", "height": "128"}


@pytest.fixture
def image(alice, checkpoint):
    return finished_job(alice, "a boat --stealth").images.get(index=1)


@pytest.fixture
def signed_in(client, alice):
    client.force_login(alice)
    return client


@pytest.fixture
def address(image):
    return reverse("image-edit", args=[image.pk])


def mask_file(content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile("mask.png", content or mask_png())


def test_the_page_says_what_the_model_paints_and_has_the_pictures_words(signed_in, address):
    page = signed_in.get(address)
    assert page.status_code == HTTPStatus.OK
    assert 'data-multiple="32" data-most="512"' in page.text
    assert 'data-inner-width="128"' in page.text
    assert "a boat --stealth</textarea>" in page.text
    assert 'style="' not in page.text
    assert "no-store" in page["Cache-Control"]


def test_it_is_there_for_whoever_sees_the_picture(client, bob, image, address):
    assert client.get(address).url.startswith("/accounts/login/")
    client.force_login(bob)
    assert client.get(address).status_code == HTTPStatus.NOT_FOUND
    assert client.post(address, {"prompt": "a tree", **PLACE}).status_code == HTTPStatus.NOT_FOUND


def test_imagine_makes_a_job_and_says_where_it_is(signed_in, address):
    form = {"prompt": "a tree", "mask": mask_file(), "feather": "4", "strength": "0.9", "key": "one"}
    answer = signed_in.post(address, form, headers=JSON)
    job = Job.objects.get(kind=JobKind.REGION)
    assert (answer.status_code, answer.json()) == (202, {"job": str(job.pk), "next": reverse("create")})
    assert (job.plan.repaint.feather_px, job.plan.stages[0].strength) == (4, 0.9)
    assert signed_in.post(address, {"prompt": "a tree", **PLACE}).url == reverse("create")
    assert Job.objects.get(kind=JobKind.EDIT).plan.width_px == 192


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "Nothing would change"),
        ({**PLACE, "canvas_width": "wide"}, "Canvas width is no number."),
        ({**PLACE, "left": "nan"}, "Left is no number."),
        ({"feather": "1e99", "strength": "1"}, "Feather is no number."),
        ({**PLACE, "left": "70"}, "as a whole"),
    ],
)
def test_what_is_wrong_is_a_sentence(signed_in, address, changed, said):
    answer = signed_in.post(address, {"prompt": "a tree", **changed}, headers=JSON)
    assert answer.status_code in {409, 422}
    assert said in answer.json()["detail"]
    assert Job.objects.count() == 1


def test_what_is_wrong_with_the_words_comes_with_its_columns(signed_in, address):
    form = {"prompt": "a tree --choas 3", "mask": mask_file()}
    (problem,) = signed_in.post(address, form, headers=JSON).json()["problems"]
    assert (problem["start"], problem["end"] > 7) == (7, True)


def test_a_mask_that_is_too_long_is_not_read(signed_in, address):
    form = {"prompt": "a tree", "mask": mask_file(b"x" * (10 * 2**20 + 1))}
    assert "at most 10 MB" in signed_in.post(address, form, headers=JSON).json()["detail"]
