"""The buttons of a picture's page, as a browser presses them."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from django.urls import reverse

from generation.jobs import questions, services
from generation.jobs.questions import Question
from generation.models import Job, JobKind
from tests.factories import finish, finished_job

STAYS = {"HX-Request": "true", "HX-Target": "toasts"}
AT_CREATE = {"HX-Request": "true", "HX-Target": "jobs"}


@pytest.fixture
def image(alice, checkpoint):
    return finished_job(alice, "a red lighthouse --ar 3:2").images.get(index=2)


@pytest.fixture
def browser(client, alice):
    client.force_login(alice)
    return client


def address(image, name: str) -> str:
    return reverse(name, args=[image.pk])


@pytest.mark.parametrize(
    ("name", "sent", "kind", "variant", "sentence"),
    [
        ("image-upscale", {"variant": "creative"}, "upscale", "creative", "The upscale is in line."),
        ("image-upscale", {}, "upscale", "2x", "The upscale is in line."),
        ("image-vary", {"strength": "subtle"}, "vary", "subtle", "The variation is in line."),
        ("image-vary", {"prompt": "a\r\nboat", "strength": "strong"}, "remix", "strong", "The remix is in line."),
        ("image-zoom", {"factor": "1.5"}, "zoom", "1.5x", "The zoom out is in line."),
        ("image-zoom", {"factor": "1", "prompt": "fog --ar 1:1"}, "zoom", "1x", "The zoom out is in line."),
        ("image-pan", {"direction": "left"}, "pan", "left", "The pan is in line."),
        ("image-square", {}, "square", "", "The square is in line."),
    ],
)
def test_a_page_that_stays_is_told_what_began(browser, image, name, sent, kind, variant, sentence):
    answer = browser.post(address(image, name), sent, headers=STAYS)
    job = Job.objects.latest("created_at")
    assert (job.kind, job.variant, job.source) == (kind, variant, image)
    assert sentence in answer.text
    assert f'data-made="{job.pk}"' in answer.text


def test_the_create_page_gets_a_card_and_a_page_without_script_goes_there(browser, image):
    assert 'id="job-' in browser.post(address(image, "image-pan"), {"direction": "up"}, headers=AT_CREATE).text
    assert browser.post(address(image, "image-square")).url == reverse("create")


def test_the_caption_of_a_larger_canvas_tells_its_size_and_not_the_ratio_of_the_words(browser, image):
    card = browser.post(address(image, "image-square"), headers=AT_CREATE).text
    plan = Job.objects.latest("created_at").plan
    assert f'<span class="param">{plan.width_px} × {plan.height_px}</span>' in card  # noqa: RUF001
    assert plan.width_px == plan.height_px
    assert '<span class="param">3:2</span>' not in card


def test_an_upscale_that_was_made_before_is_led_to(browser, alice, image):
    made = finish(services.upscale_image(alice, image.pk)).images.get()
    answer = browser.post(address(image, "image-upscale"), {"variant": "2x"}, headers=STAYS)
    assert "The upscale was made before." in answer.text
    assert address(made, "image") in answer.text


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("image-upscale", {"variant": "8x"}),
        ("image-vary", {"strength": "wild"}),
        ("image-zoom", {"factor": "far"}),
        ("image-pan", {}),
        ("image-blend", {"with": "nothing"}),
        ("image-vary", {"prompt": "a boat --choas 3"}),
    ],
)
def test_what_makes_no_sense_is_a_toast_that_says_so(browser, image, name, sent):
    answer = browser.post(address(image, name), sent, headers=STAYS)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert 'class="toast bad"' in answer.text
    assert Job.objects.count() == 1


def test_what_cannot_be_is_a_toast_with_the_reason(browser, alice, image):
    square = finished_job(alice, "a boat").images.get(index=1)
    answer = browser.post(address(square, "image-square"), headers=STAYS)
    assert answer.status_code == HTTPStatus.CONFLICT
    assert "This picture is square already." in answer.text


def test_a_grid_runs_again_with_its_seeds(browser, image):
    answer = browser.post(reverse("job-rerun", args=[image.job_id]), headers=STAYS)
    assert "The rerun is in line." in answer.text
    assert Job.objects.latest("created_at").plan.seeds == image.job.plan.seeds


def test_pictures_to_blend_with_are_ones_own_and_not_itself(browser, alice, bob, image):
    finished_job(bob, "a boat")
    text = browser.get(address(image, "image-blend")).text
    assert text.count('name="with"') == 3
    assert f'value="{image.pk}"' not in text


def test_chosen_pictures_are_blended(browser, image):
    others = [str(one.pk) for one in image.job.images.exclude(pk=image.pk)[:2]]
    answer = browser.post(address(image, "image-blend"), {"with": others}, headers=STAYS)
    job = Job.objects.latest("created_at")
    assert "The blend is in line." in answer.text
    assert (job.kind, [str(one.image_id) for one in job.sources.all()]) == (JobKind.BLEND, [str(image.pk), *others])


def test_a_picture_is_described_in_prompts_to_use(browser, checkpoint, image):
    answer = {"prompts": ["a boat", "a ship & sea"], "shown": []}
    question = Question(kind="describe", file=image.original_name, model=checkpoint.name)
    questions.give_answer("nobody", question, answer, "clip-of-this-test")
    text = browser.post(address(image, "image-describe"), headers={"HX-Request": "true"}).text
    assert "a ship &amp; sea --ar 5:3" in text
    assert f"{reverse('create')}?prompt=a%20ship%20%26%20sea%20--ar%205%3A3" in text


@pytest.mark.parametrize("name", ["image-zoom", "image-pan", "image-square", "image-blend", "image-describe"])
def test_nobody_works_on_somebody_elses_private_picture(client, bob, alice, checkpoint, name):
    secret = finished_job(alice, "a boat --stealth").images.get(index=1)
    assert client.post(address(secret, name)).url.startswith(reverse("account_login"))
    client.force_login(bob)
    sent = {"direction": "left", "with": str(secret.pk)}
    assert client.post(address(secret, name), sent).status_code in {404, 409}
    assert Job.objects.count() == 1
