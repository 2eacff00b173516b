"""Which language a person is answered in, and what caches are told of it."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import translation

from tests.factories import finished_job
from tests.markup import read

pytestmark = pytest.mark.django_db

CHINESE = {"HTTP_ACCEPT_LANGUAGE": "zh-CN,zh;q=0.9,en;q=0.8"}


@pytest.fixture(autouse=True)
def _english_afterwards():
    yield
    translation.deactivate()


def language_of(response) -> str:
    return re.search(r'<html lang="([\w-]+)"', response.content.decode())[1]


@pytest.mark.parametrize(
    ("asked", "spoken"),
    [
        ("", "en"), ("en-US,en;q=0.9", "en"), ("zh-CN,zh;q=0.9", "zh-hans"), ("zh-Hans-CN", "zh-hans"),
        ("zh", "zh-hans"),
        ("zh-TW", "zh-hans"), ("de,fr;q=0.5", "en"), ("de,zh;q=0.5", "zh-hans"), ("*", "en"), ("\u00e9;;q=x", "en"),
    ],
)  # fmt: skip
def test_the_first_visit_follows_the_browser(client, asked, spoken):
    assert language_of(client.get("/", HTTP_ACCEPT_LANGUAGE=asked)) == spoken


def test_what_was_chosen_stays_whatever_the_browser_asks_for(client):
    response = client.post(reverse("language"), {"language": "zh-hans", "next": "/help/?a=1"})
    assert (response.status_code, response["Location"]) == (302, "/help/?a=1")
    assert language_of(client.get("/", HTTP_ACCEPT_LANGUAGE="en")) == "zh-hans"
    client.post(reverse("language"), {"language": "en", "next": "/"})
    assert language_of(client.get("/", **CHINESE)) == "en"


@pytest.mark.parametrize("language", ["xx", "", "zh-hans\r\nX: y", "../en"])
def test_a_language_that_nobody_speaks_here_changes_nothing(client, language):
    client.post(reverse("language"), {"language": language, "next": "/"})
    assert language_of(client.get("/")) == "en"


def test_the_switch_leads_to_no_other_host(client):
    response = client.post(reverse("language"), {"language": "zh-hans", "next": "https://example.com/"})
    assert response["Location"] == "/"


def test_the_switch_is_a_press_and_no_link(client):
    assert client.get(reverse("language")).status_code == 405
    assert Client(enforce_csrf_checks=True).post(reverse("language"), {"language": "zh-hans"}).status_code == 403


def test_every_page_offers_the_languages_each_in_itself(client, alice):
    for person in (None, alice):
        if person:
            client.force_login(person)
        page = client.get("/help/?x=1&y=2", **CHINESE).content.decode()
        assert '<input type="hidden" name="next" value="/help/?x=1&amp;y=2">' in page
        assert 'value="zh-hans" lang="zh-hans" aria-pressed="true">简体中文</button>' in page
        assert 'value="en" lang="en" aria-pressed="false">English</button>' in page
    client.logout()
    assert "简体中文" in client.get(reverse("account_login")).content.decode()


@pytest.mark.parametrize("path", ["/", "/manifest.webmanifest", "/feeds/new.atom"])
def test_caches_are_told_that_an_answer_depends_on_cookie_and_browser(client, path):
    response = client.get(path, **CHINESE)
    assert {"Cookie", "Accept-Language"} <= {name.strip() for name in response["Vary"].split(",")}
    assert response["Content-Language"] == "zh-hans"


def test_a_picture_is_the_same_in_every_language(client, alice, checkpoint):
    image = finished_job(alice, "a lighthouse").images.get(index=1)
    client.force_login(alice)
    response = client.get(reverse("image-rendition", args=[image.pk, 320]), **CHINESE)
    assert response.status_code == 200
    assert "Accept-Language" not in response.headers.get("Vary", "")
    assert "Content-Language" not in response.headers


def test_errors_of_the_api_keep_their_codes_and_translate_their_sentences(client, alice, checkpoint):
    client.force_login(alice)
    bodies = [
        client.post(
            "/api/v1/jobs", {"prompt": "a boat --stylize 9000"}, content_type="application/json", **headers
        ).json()
        for headers in ({}, CHINESE)
    ]
    assert bodies[0]["code"] == bodies[1]["code"]
    assert bodies[0].keys() == bodies[1].keys()
    [english, chinese] = [body["errors"][0]["sentence"] for body in bodies]
    assert english != chinese
    assert re.search(r"[\u4e00-\u9fff]", chinese)


def test_a_page_that_is_not_there_says_so_in_the_language(client):
    page = client.get("/nowhere/at/all", **CHINESE)
    assert page.status_code == 404
    assert "未找到" in page.content.decode()


def test_mail_is_written_in_the_language_of_who_asks_for_it(client, alice):
    client.post(reverse("account_reset_password"), {"email": alice.email}, **CHINESE)
    [message] = mail.outbox
    assert "设置新密码" in message.subject
    assert not [
        found.text for found in read(message.body) if re.search(r"[A-Za-z]{3,} [a-z]{2,} [a-z]{2,}", found.text)
    ]
    client.post(reverse("account_reset_password"), {"email": alice.email})
    assert mail.outbox[-1].subject.endswith("Set a new password")


def test_the_installed_program_has_names_in_the_language(client):
    manifest = client.get(reverse("manifest"), **CHINESE).json()
    assert manifest["lang"] == "zh-hans"
    assert [shortcut["name"] for shortcut in manifest["shortcuts"]] == ["创作", "我的图片", "探索"]
