"""A sentence of each kind as it is read by whoever asks for Chinese; codes, names and typed words stay as they are."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from html import unescape

import pytest
from asgiref.sync import sync_to_async
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from generation.errors import TEXT_TOO_LONG, WORKER_LOST
from generation.jobs import lanes, records
from generation.models import Job, Worker
from generation.prompts.styles import find_styles
from generation.workers.bridge import WORKER_ERROR
from mjweb.asgi import application
from tests.factories import claimed, finished_job, queued_job
from tests.sockets import PageSocket

CHINESE = {"HTTP_ACCEPT_LANGUAGE": "zh-CN,zh;q=0.9,en;q=0.5"}
HAN = re.compile(r"[\u4e00-\u9fff]")

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english_afterwards():
    yield
    translation.deactivate()


@pytest.fixture
def chinese(alice, checkpoint) -> Client:
    """Alice's browser, which asks for Chinese."""
    client = Client(**CHINESE)
    client.force_login(alice)
    return client


def is_chinese(text: str, *kept: str) -> bool:
    """Whether it holds Chinese, and what stays as it is."""
    return bool(HAN.search(text)) and all(one in text for one in kept)


def test_a_problem_and_its_fix(chinese):
    (problem,) = chinese.post("/prompts/check/", {"prompt": "a boat --chaos 500"}).json()["problems"]
    assert (problem["code"], problem["fix"]["text"]) == ("out_of_range", "100")
    assert is_chinese(problem["sentence"], "--chaos", "0", "100")
    assert is_chinese(problem["fix"]["label"], "100")


def test_a_problem_of_two_people_in_two_languages(client, chinese, bob):
    client.force_login(bob)
    told = [
        browser.post("/prompts/check/", {"prompt": "a boat --chaos 500"}).json()["problems"][0]["sentence"]
        for browser in (chinese, client, chinese, client)
    ]
    assert told[1] == told[3] == "--chaos goes from 0 to 100."
    assert told[0] == told[2]
    assert is_chinese(told[0])


def test_a_note_is_kept_in_the_language_of_whoever_asked_for_the_pictures(chinese, alice):
    chinese.post(reverse("job-submit"), {"prompt": "a red boat --sameseed 7"}, HTTP_HX_REQUEST="true")
    (note,) = [note for note in Job.objects.get().notes if note["code"] == "one_picture"]
    assert is_chinese(note["sentence"], "--sameseed")


def test_a_limit_of_the_model(chinese):
    (problem,) = chinese.post("/prompts/check/", {"prompt": "a boat --hires 4 --ar 14:1"}).json()["problems"]
    assert is_chinese(problem["sentence"], "px")


def test_the_help_page_has_its_rows_and_styles_in_chinese_and_no_id_twice(chinese):
    text = unescape(chinese.get(reverse("help")).text)
    assert "How far the pictures of a grid" not in text
    assert "A plain, honest photograph." not in text
    ids = re.findall(r'id="([^"]*)"', text)
    assert sorted(set(ids)) == sorted(ids)
    assert "--chaos" in text


def test_styles_are_found_by_either_language():
    with translation.override("zh-hans"):
        (shown,) = {preset.shown_title for preset in find_styles("watercolor") if preset.name == "watercolor"}
        assert is_chinese(shown)
        assert "watercolor" in {preset.name for preset in find_styles(shown)}
    assert find_styles(shown) == ()


def test_autocompletion_types_names_and_explains_them(chinese):
    vocabulary = json.loads(chinese.get(reverse("prompt-vocabulary")).content)
    rows = {row["name"]: row for row in vocabulary["parameters"]}
    assert is_chinese(rows["chaos"]["sentence"])
    names = dict(rows["style"]["values"])
    assert is_chinese(names["watercolor"])


def test_a_card_says_its_state(chinese, alice, checkpoint):
    job = queued_job(alice)
    card = chinese.get(reverse("job-card", args=[job.pk])).text
    assert "Next in line" not in card
    claim = claimed(job)
    records.fail_job(claim, code="engine_error", sentence=WORKER_ERROR)
    failed = chinese.get(reverse("job-card", args=[job.pk])).text
    assert "Something went wrong" not in failed
    job.refresh_from_db()
    assert job.error_sentence == WORKER_ERROR


@pytest.mark.parametrize(
    ("template", "values"), [(WORKER_LOST, {"count": 3}), (TEXT_TOO_LONG, {"text": "a boat {x}\non", "tokens": 75})]
)
def test_what_a_worker_wrote_down_with_its_values(template, values):
    job = Job(error_sentence=template.format(**values))
    assert job.told_error == job.error_sentence
    with translation.override("zh-hans"):
        assert is_chinese(job.told_error, *map(str, values.values()))


def test_the_rest_api_speaks_the_language_that_is_asked_for(alice, checkpoint):
    client = Client(**CHINESE)
    client.force_login(alice)
    bad = client.post("/api/v1/prompts/parse", {"prompt": "a --foo"}, content_type="application/json").json()
    assert is_chinese(bad["title"])
    nothing = client.get("/api/v1/nothing")
    assert (nothing.json()["code"], nothing["Content-Language"]) == ("not_found", "zh-hans")
    assert is_chinese(nothing.json()["title"])
    assert is_chinese(nothing.json()["detail"])
    refused = client.post("/api/v1/jobs", {"prompt": "a --foo"}, content_type="application/json").json()
    (error,) = refused["errors"]
    assert (refused["code"], error["code"], error["field"]) == ("bad_prompt", "unknown_parameter", "prompt")
    assert is_chinese(error["sentence"], "--foo")
    unknown = client.post("/api/v1/jobs", {"prompt": "a", "x": 1}, content_type="application/json").json()
    assert unknown["errors"][0]["field"] == "x"
    assert is_chinese(unknown["errors"][0]["sentence"])
    assert client.get("/api/v1/nothing", HTTP_ACCEPT_LANGUAGE="en").json()["title"] == "Not found"


def test_the_schema_is_english_for_everybody(client, db):
    told = client.get(reverse("api-schema"), **CHINESE).text
    assert "`unlisted` - " in told
    assert not HAN.search(told)


def test_a_stranger_of_the_rest_api_hears_it_in_chinese(db):
    answer = Client(**CHINESE).get("/api/v1/jobs").json()
    assert answer["code"] == "not_authenticated"
    assert is_chinese(answer["title"])
    assert is_chinese(answer["detail"])


def test_the_day_on_which_fast_time_comes_back(chinese, alice, settings):
    settings.MJWEB_FAST_MINUTES = 1
    job = finished_job(alice)
    Job.objects.filter(pk=job.pk).update(engine_ms=60_000)
    with translation.override("zh-hans"):
        assert is_chinese(lanes.spent_sentence(lanes.balance_of(alice)), "月", "日")


@pytest.mark.django_db(transaction=True)
async def test_a_socket_speaks_the_language_of_its_page(alice, checkpoint):
    await Worker.objects.all().aupdate(alive_until=timezone.now() - timedelta(hours=1))
    job = await sync_to_async(queued_job)(alice)
    for asked, is_expected in ((b"zh-CN", True), (b"en", False)):
        client = Client()
        await sync_to_async(client.force_login)(alice)
        cookie = f"sessionid={client.cookies['sessionid'].value}".encode()
        here = [(b"origin", b"http://testserver"), (b"host", b"testserver")]
        headers = [*here, (b"cookie", cookie), (b"accept-language", asked)]
        page = PageSocket(application, "/ws/", headers)
        assert await page.connect()
        await page.send({"type": "watch", "jobs": [str(job.pk)]})
        message = await page.receive()
        assert is_chinese(message["sentence"], "starter") == is_expected
        await page.disconnect()
