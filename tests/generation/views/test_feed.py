"""The feed: days, prompts that made several jobs, trying again, what other pages ask for while jobs end."""

from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from generation.jobs import records, services
from generation.models import Image, Job
from generation.views import create as page
from generation.views import feed
from tests.factories import claimed, finish, finished_job, queued_job

HTMX = {"HX-Request": "true"}


@pytest.fixture
def signed_in(client, alice, checkpoint):
    client.force_login(alice)
    return client


@pytest.fixture
def noon(monkeypatch):
    """It is noon in UTC on a Thursday, so that no test of days runs over midnight."""
    moment = datetime(2026, 11, 26, 12, tzinfo=UTC)

    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return moment.astimezone(tz)

    monkeypatch.setattr(feed, "datetime", Clock)
    return moment


def made(owner, moment: datetime, prompt: str = "a red lighthouse") -> Job:
    job = queued_job(owner, prompt)
    Job.objects.filter(pk=job.pk).update(created_at=moment)
    return job


def headings(client, **cookies: str) -> list[tuple[str, int, int]]:
    """Of each day: what it is called, how many jobs it has, and how many cards stand below it."""
    for name, value in cookies.items():
        client.cookies[name] = value
    rows = client.get(reverse("create")).context["rows"]
    found: list[tuple[str, int, int]] = []
    for row in rows:
        if row.day:
            found.append((row.day.label, row.day.jobs, 0))
        found[-1] = (*found[-1][:2], found[-1][2] + 1)
    return found


def test_cards_stand_below_the_day_on_which_they_were_asked_for(signed_in, alice, noon):
    for hours in (0, 1, 20, 24 * 3, 24 * 400):
        made(alice, noon - timedelta(hours=hours))
    assert headings(signed_in) == [
        ("Today", 2, 2), ("Yesterday", 1, 1), ("Monday 23 November", 1, 1), ("Wednesday 22 October 2025", 1, 1),
    ]  # fmt: skip


def test_days_are_those_of_the_persons_clock(signed_in, alice, noon):
    made(alice, noon)
    made(alice, noon - timedelta(hours=13))
    assert headings(signed_in) == [("Today", 1, 1), ("Yesterday", 1, 1)]
    assert headings(signed_in, zone="Asia/Shanghai") == [("Today", 2, 2)]


@pytest.mark.parametrize("zone", ["Nowhere/Atlantis", "../../etc/passwd", "America", "", "\x00"])
def test_a_zone_that_nobody_knows_is_utc(rf, zone):
    request = rf.get("/")
    request.COOKIES["zone"] = zone
    assert feed.zone_of(request) == UTC
    request.COOKIES["zone"] = "Europe/Berlin"
    assert feed.zone_of(request) == ZoneInfo("Europe/Berlin")


def test_a_day_counts_the_jobs_of_later_pages_too(signed_in, alice, noon, monkeypatch):
    monkeypatch.setattr(page, "JOBS_PER_PAGE", 2)
    for minutes in range(5):
        made(alice, noon - timedelta(minutes=minutes))
    services.cancel_job(alice, made(alice, noon).pk)
    assert headings(signed_in) == [("Today", 5, 2)]


def test_the_jobs_of_one_prompt_stand_together_under_it(signed_in, alice):
    queued_job(alice, "a boat before")
    jobs = services.submit_prompts(alice, "a {red, blue, green} boat")
    queued_job(alice, "a boat after")
    answer = signed_in.get(reverse("create"))
    rows = answer.context["rows"]
    assert [(bool(row.prompt_set), row.ends_row, row.ends_set) for row in rows] == [
        (False, False, False), (True, True, False), (False, False, False), (False, False, False), (False, True, True),
    ]  # fmt: skip
    assert (rows[1].prompt_set.prompt, rows[1].prompt_set.jobs) == ("a {red, blue, green} boat", 3)
    assert answer.text.count("<h3>a {red, blue, green} boat</h3>") == 1
    services.cancel_job(alice, jobs[0].pk)
    assert signed_in.get(reverse("create")).context["rows"][1].prompt_set.jobs == 2


def test_a_card_alone_knows_its_prompt_and_its_age(signed_in, alice):
    job = services.submit_prompts(alice, "a {red, blue} boat")[0]
    card = signed_in.get(reverse("job-card", args=[job.pk])).text
    assert f'data-set="{job.group_id}" data-set-prompt="a {{red, blue}} boat" data-set-jobs="2"' in card
    assert f'data-made="{job.created_at.isoformat()}"' in card
    assert "data-set" not in signed_in.get(reverse("job-card", args=[queued_job(alice).pk])).text


def test_the_heading_of_a_prompt_names_no_pictures(signed_in, alice):
    image = finished_job(alice).images.first()
    services.submit_prompts(alice, f"image:{image.pk} a {{red, blue}} boat")
    text = signed_in.get(reverse("create")).text
    assert "<h3>a {red, blue} boat</h3>" in text
    assert 'data-set-prompt="a {red, blue} boat"' in text


def test_a_day_and_a_prompt_that_go_on_are_headed_again_on_the_next_page(signed_in, alice, monkeypatch):
    monkeypatch.setattr(page, "JOBS_PER_PAGE", 2)
    services.submit_prompts(alice, "a {red, blue, green, pink} boat")
    first = signed_in.get(reverse("create"))
    older = signed_in.get(reverse("create"), {"cursor": first.context["next_cursor"]}, headers=HTMX)
    row = older.context["rows"][0]
    assert (bool(row.day), bool(row.prompt_set), row.ends_row) == (True, True, False)


def test_what_failed_says_that_it_cost_nothing_and_can_be_tried_again(signed_in, alice):
    job = queued_job(alice, "a boat & a bird")
    records.fail_job(claimed(job), code="out_of_memory", sentence="The GPU ran out of memory.")
    body = signed_in.get(reverse("create")).text
    assert "The GPU ran out of memory. It cost nothing." in body
    assert reverse("job-retry", args=[job.pk]) in body
    assert f"{reverse('create')}?prompt=a%20boat%20%26%20a%20bird" in body
    answer = signed_in.post(reverse("job-retry", args=[job.pk]), headers=HTMX)
    again = Job.objects.exclude(pk=job.pk).get()
    assert f'id="job-{again.pk}"' in answer.text
    assert signed_in.post(reverse("job-retry", args=[job.pk])).url == reverse("create")


def test_what_was_blocked_offers_its_words_alone(signed_in, alice):
    job = queued_job(alice)
    Job.objects.filter(pk=job.pk).update(state="blocked", error_sentence="It names a real person.")
    body = signed_in.get(reverse("create")).text
    assert "data-edit" in body
    assert reverse("job-retry", args=[job.pk]) not in body
    assert 'data-state="blocked"' in signed_in.post(reverse("job-retry", args=[job.pk]), headers=HTMX).text
    assert Job.objects.count() == 1


def test_what_lies_in_the_trash_has_no_card(signed_in, alice):
    job = finished_job(alice)
    job.images.filter(index=1).update(trashed_at=timezone.now())
    body = signed_in.get(reverse("create")).text
    assert (body.count('alt="Picture 1"'), body.count('alt="Picture 2"')) == (0, 1)
    Image.everything.filter(job=job).update(trashed_at=timezone.now())
    assert f"job-{job.pk}" not in signed_in.get(reverse("create")).text
    assert signed_in.get(reverse("job-card", args=[job.pk])).status_code == HTTPStatus.NOT_FOUND


def test_an_upscale_names_the_card_whose_pad_leads_to_it(signed_in, alice):
    image = finished_job(alice).images.first()
    upscaled = finish(services.upscale_image(alice, image.pk))
    assert f'data-source="{image.job_id}"' in signed_in.get(reverse("job-card", args=[upscaled.pk])).text


def test_new_pictures_come_as_tiles_for_a_page_of_pictures(signed_in, alice, bob):
    job = finished_job(alice)
    body = signed_in.get(reverse("job-tiles", args=[job.pk])).text
    places = [body.index(f'id="image-{image.pk}"') for image in job.images.order_by("index")]
    assert places == sorted(places)
    assert "<html" not in body
    assert 'id="more"' not in body


def test_a_first_visit_offers_prompts_that_are_one_press_away(signed_in):
    body = signed_in.get(reverse("create")).text
    assert body.count('class="first__prompt"') == 6
    assert 'name="prompt" value="a red lighthouse by the sea at sunset, watercolor"' in body
    assert f'action="{reverse("job-submit")}"' in body


def test_the_fast_minutes_are_told_where_there_is_a_limit(signed_in, alice, settings):
    assert "no limit" in signed_in.get(reverse("create")).text
    assert signed_in.get(reverse("lanes")).text.strip() == ""
    settings.MJWEB_FAST_MINUTES = 60
    body = signed_in.get(reverse("create")).text
    assert "Fast: 60 of 60 min left, renews" in body
    assert '<meter min="0" max="100" value="100"' in body
    Job.objects.filter(pk=finished_job(alice).pk).update(engine_ms=3_600_000)
    for answer in (signed_in.get(reverse("create")), signed_in.get(reverse("lanes"))):
        assert "What you ask for now waits in the relaxed lane" in answer.text


def test_a_prompt_of_several_jobs_is_a_note_that_keeps_its_words_when_nothing_is_left(signed_in, alice, settings):
    settings.MJWEB_FAST_MINUTES = 1
    Job.objects.filter(pk=finished_job(alice).pk).update(engine_ms=60_000)
    answer = signed_in.post(reverse("job-submit"), {"prompt": "a {red, blue} boat"}, headers=HTMX)
    assert answer.status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert "used up until" in answer.text


def test_the_number_of_queries_does_not_grow_with_the_cards(signed_in, alice, django_assert_max_num_queries):
    for _ in range(3):
        queued_job(alice)
    services.submit_prompts(alice, "a {red, blue, green} boat")
    with django_assert_max_num_queries(13):
        assert signed_in.get(reverse("create")).text.count('data-state="queued"') == 6


@pytest.mark.parametrize(
    ("day", "label"),
    [(date(2027, 1, 1), "Today"), (date(2026, 12, 31), "Yesterday"), (date(2026, 12, 30), "Wednesday 30 December 2026"),
     (date(2027, 1, 2), "Saturday 2 January")],
)  # fmt: skip
def test_a_day_is_called_as_people_call_it(day, label):
    assert feed.day_label(day, date(2027, 1, 1)) == label
