"""The search page, as a browser gets it."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from gallery.services.publishing import publish_missed
from generation.jobs import questions
from generation.jobs.questions import Question
from generation.models import Image, SavedSearch, SearchPlace, Upload, Worker
from generation.starter import WEIGHTS_DIR
from generation.workers.answering import Answerer
from tests.factories import finished_job
from tests.generation.engine.test_images import noise
from tests.generation.workers.judges import the_judge

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _empty():
    cache.clear()
    kept = questions._redis()
    for key in kept.scan_iter("questions:*"):
        kept.delete(key)


@pytest.fixture
def asked(monkeypatch) -> list[Question]:
    """Questions that went to the worker, whose real CLIP answers at once."""
    heard: list[Question] = []
    answerer = Answerer(the_judge().clip, WEIGHTS_DIR / "clip")
    answer = answerer._answered
    monkeypatch.setattr(answerer, "_answered", lambda question: heard.append(question) or answer(question))
    monkeypatch.setattr(
        "generation.jobs.questions.current_app.send_task", lambda _name, arguments, **_: answerer.answer(arguments[0])
    )
    return heard


@pytest.fixture
def shown(alice, checkpoint, asked):
    """Four pictures of a lighthouse, which the real CLIP has seen."""
    from generation.workers.looking_again import look_again

    finished_job(alice, "a red lighthouse, ink --ar 3:2")
    publish_missed()
    look_again(the_judge(), is_busy=lambda: False)
    questions.introduce_clip(the_judge().clip.name)
    return list(Image.objects.order_by("index"))


def tiles(response) -> list[str]:
    return re.findall(r'<article class="tile" data-ar="\d+" id="image-([0-9a-f-]+)"', response.text)


def search(client, text: str = "", **more):
    return client.get(reverse("search"), {"q": text, **more})


def test_words_find_pictures_with_the_reason(client, shown):
    response = search(client, "lighthouse")
    assert set(tiles(response)) == {str(image.pk) for image in shown}
    assert "alice · words: lighthouse" in response.text
    assert 'title="words: lighthouse' in response.text


def test_without_a_search_it_is_everything_newest_first(client, shown):
    assert tiles(search(client)) == [str(image.pk) for image in shown]


def test_every_term_is_a_chip_that_can_be_taken_off(client, shown):
    response = search(client, "lighthouse by:alice -boat", similar=shown[0].pk)
    for rest in ("by%3Aalice%20-boat", "lighthouse%20-boat", "lighthouse%20by%3Aalice"):
        assert f'href="/search/?q={rest}&amp;similar={shown[0].pk}" title="Search without it"' in response.text
    assert 'href="/search/?q=lighthouse%20by%3Aalice%20-boat" title="Search without it"' in response.text


def test_a_facet_is_a_link_that_adds_or_takes_away(client, shown):
    text = search(client, "lighthouse ar:square likes:10").text
    assert 'href="/search/?q=lighthouse%20likes%3A10" aria-current="true">Square' in text
    assert 'href="/search/?q=lighthouse%20ar%3Asquare%20likes%3A100">100+' in text
    assert 'href="/search/?q=lighthouse%20ar%3Asquare%20likes%3A10%20after%3A7d">Last 7 days' in text
    assert "Liked by you" not in text


def test_what_cannot_be_read_is_said_and_kept(client, shown):
    response = search(client, "lighthouse in:book")
    assert response.status_code == 422
    assert "in: looks into your own collections. It works in My images." in response.text
    assert 'value="lighthouse in:book"' in response.text
    assert 'aria-invalid="true"' in response.text
    assert not tiles(response)


def test_what_finds_nothing_says_how_to_find_more(client, shown):
    response = search(client, "lighthouse by:nobody")
    assert "Nothing matches “lighthouse by:nobody”" in response.text
    assert 'href="/search/?q=lighthouse">Search without “by:nobody”' in response.text


def test_similar_pictures_of_a_picture(client, shown):
    response = search(client, similar=shown[0].pk)
    assert set(tiles(response)) == {str(image.pk) for image in shown[1:]}
    assert "similar to this picture" in response.text
    assert search(client, similar="01a21cb1-510c-771f-8cd9-cdde9b0547f8").status_code == 404
    assert search(client, similar="nothing").status_code == 422


def test_htmx_gets_the_next_tiles_alone(client, shown):
    first = client.get(reverse("search"), {"q": "lighthouse"}, headers=HTMX)
    assert "<html" not in first.text
    assert len(tiles(first)) == 4
    assert 'id="more" hx-swap-oob="true" hidden' in first.text


def test_the_next_page_keeps_the_search(client, alice, checkpoint, asked):
    for _ in range(11):
        finished_job(alice)
    publish_missed()
    first = search(client, "lighthouse")
    address = re.search(r'href="(\?q=lighthouse&amp;cursor=[^"]+)"', first.text)[1].replace("&amp;", "&")
    assert "More pictures" in first.text
    second = client.get(reverse("search") + address, headers=HTMX)
    assert (len(tiles(first)), len(tiles(second))) == (40, 4)
    assert not set(tiles(first)) & set(tiles(second))


def test_an_own_picture_finds_what_looks_like_it(client, alice, bob, shown, asked):
    client.force_login(bob)
    from generation.engine.images import encode_png

    picture = SimpleUploadedFile("mine.png", encode_png(noise(64, 64), parameters=""), "image/png")
    answer = client.post(reverse("search-by-picture"), {"file": picture})
    upload = Upload.objects.get(owner=bob)
    assert answer.headers["Location"] == f"/search/?similar=upload%3A{upload.pk}"
    response = client.get(answer.headers["Location"])
    assert len(tiles(response)) == 4
    assert reverse("upload-thumbnail", args=[upload.pk]) in response.text
    assert asked[-1].kind == "see"
    client.force_login(alice)
    assert client.get(answer.headers["Location"]).status_code == 404
    client.logout()
    assert client.get(answer.headers["Location"]).status_code == 404


def test_what_is_no_picture_is_refused(client, bob):
    client.force_login(bob)
    assert client.post(reverse("search-by-picture"), {"file": SimpleUploadedFile("a.png", b"no")}).status_code == 422
    assert client.post(reverse("search-by-picture")).status_code == 422
    client.logout()
    assert client.post(reverse("search-by-picture")).status_code == 302


def test_without_a_worker_it_says_that_only_words_were_searched(client, shown):
    Worker.objects.all().delete()
    response = search(client, "lighthouse")
    assert len(tiles(response)) == 4
    assert "only the words of prompts were searched" in response.text


def test_without_a_worker_an_upload_cannot_be_looked_at(client, bob, shown):
    from generation.engine.images import encode_png
    from generation.jobs.uploads import keep_upload

    client.force_login(bob)
    upload = keep_upload(bob, encode_png(noise(64, 64), parameters=""))
    Worker.objects.all().delete()
    response = search(client, similar=f"upload:{upload.pk}")
    assert response.status_code == 503
    assert "No engine is running that could look at this." in response.text


def test_words_that_the_clip_does_not_know_find_prompts_alone(client, alice, shown):
    finished_job(alice, "海边的灯塔")
    publish_missed()
    response = search(client, "灯塔")
    assert len(tiles(response)) == 4
    assert "looks like your words" not in response.text


def test_a_search_is_kept_for_this_place_alone(client, alice, shown):
    client.force_login(alice)
    saved = client.post(reverse("search-save"), {"name": "Coast", "q": "lighthouse by:me", "place": "gallery"})
    assert saved.headers["Location"] == "/search/?q=lighthouse+by%3Ame"
    row = SavedSearch.objects.get()
    assert (row.place, row.query) == (SearchPlace.GALLERY, "lighthouse by:me")
    assert "Forget “Coast”" in search(client, "lighthouse by:me").text
    assert ">Coast<" in search(client, "boat").text
    assert "Coast" not in client.get(reverse("my-images")).text
    client.post(reverse("search-save"), {"name": "Coast", "q": "boat"})
    assert SavedSearch.objects.count() == 2
    forgotten = client.post(reverse("search-forget", args=[row.pk]))
    assert forgotten.headers["Location"] == "/search/"
    assert client.post(reverse("search-save"), {"name": "x", "q": "boat", "place": "moon"}).status_code == 422
    client.logout()
    assert "Coast" not in search(client, "boat").text
