"""Comments as a browser gets them, with htmx and without."""

from __future__ import annotations

import re
import uuid

import pytest
from django.urls import reverse

from gallery.models import Comment
from gallery.services import commenting
from gallery.services.commenting import post_comment
from gallery.services.publishing import publish_image
from generation.models import Image
from tests.factories import finished_job

HTMX = {"HX-Request": "true"}


@pytest.fixture
def image(alice, checkpoint) -> Image:
    image = finished_job(alice).images.get(index=1)
    publish_image(alice, image.pk)
    return image


@pytest.fixture
def at_bobs(client, bob):
    client.force_login(bob)
    return client


def address(name: str, thing) -> str:
    return reverse(name, args=[thing.pk])


def test_the_picture_says_how_many_there_are_and_fetches_them_when_they_are_looked_at(client, bob, image):
    post_comment(bob, image.pk, "The light!")
    text = client.get(address("image", image)).text
    assert re.search(r'aria-label="1 comment"', text)
    assert f'hx-get="{address("comments", image)}"' in text
    fragment = client.get(address("comments", image), headers=HTMX).text
    assert "The light!" in fragment
    assert "<html" not in fragment
    assert "Sign in to comment" in fragment


def test_a_post_answers_with_the_comment_the_number_and_an_empty_form(at_bobs, image):
    answer = at_bobs.post(address("comment-post", image), {"text": "The <b>light</b>!"}, headers=HTMX).text
    assert "The &lt;b&gt;light&lt;/b&gt;!" in answer
    assert '<span id="talk-count" hx-swap-oob="true">1</span>' in answer
    assert 'id="talk-form"' in answer
    assert "Your comment is posted." in answer


def test_links_are_followed_by_nobody_for_us_and_names_lead_to_people(at_bobs, alice, image):
    said = post_comment(alice, image.pk, 'See https://a.example/?x=1&y="2". @bob @nobody')
    text = at_bobs.get(address("comment", said), headers=HTMX).text
    assert '<a href="https://a.example/?x=1&amp;y=" rel="ugc nofollow noopener">' in text
    assert '<a href="/people/bob/">@bob</a> @nobody' in text


@pytest.mark.parametrize(("text", "why"), [("  ", "Write something first"), ("a" * 2001, "at most 2,000 characters")])
def test_what_was_typed_is_kept_when_it_is_refused(at_bobs, image, text, why):
    refused = at_bobs.post(address("comment-post", image), {"text": text})
    assert refused.status_code == 422
    assert why in refused.text
    assert f"{text}</textarea>" in refused.text
    toast = at_bobs.post(address("comment-post", image), {"text": text}, headers=HTMX)
    assert (toast.status_code, "<textarea" in toast.text) == (422, False)


def test_too_much_at_once_is_told_with_the_time_to_wait_and_the_text_is_kept(at_bobs, bob, image, monkeypatch):
    monkeypatch.setattr(commenting, "PER_MINUTE", 1)
    first = post_comment(bob, image.pk, "One.")
    refused = at_bobs.post(address("comment-post", image), {"text": "Two.", "answered": first.pk})
    assert refused.status_code == 429
    assert int(at_bobs.post(address("comment-post", image), {"text": "Two."}, headers=HTMX)["Retry-After"]) > 0
    assert "Two.</textarea>" in refused.text
    assert f'name="answered" value="{first.pk}"' in refused.text


def test_without_a_script_everything_is_a_page(at_bobs, alice, image):
    posted = at_bobs.post(address("comment-post", image), {"text": "First."})
    comment = Comment.objects.get()
    assert posted.url == f"{address('comment', comment)}#comment-{comment.pk}"
    assert "Your answer to bob" in at_bobs.get(address("comment-answer", comment)).text
    at_bobs.post(address("comment-post", image), {"text": "Second.", "answered": comment.pk})
    assert "Edit your comment" in at_bobs.get(address("comment-edit", comment)).text
    at_bobs.post(address("comment-edit", comment), {"text": "First, edited."})
    page = at_bobs.get(address("comments", image)).text
    assert "First, edited." in page
    assert "· edited" in page
    assert at_bobs.post(address("comment-delete", comment)).url == address("comments", image)
    assert "This comment was deleted." in at_bobs.get(address("comments", image)).text
    empty = at_bobs.post(address("comment-edit", Comment.objects.get(text="Second.")), {"text": " "})
    assert (empty.status_code, "Write something first" in empty.text) == (422, True)


def test_a_deleted_comment_goes_and_one_with_answers_leaves_its_place(at_bobs, bob, image):
    alone, asked = post_comment(bob, image.pk, "Alone."), post_comment(bob, image.pk, "Asked.")
    post_comment(bob, image.pk, "Answered.", answered=asked.pk)
    gone = at_bobs.post(address("comment-delete", alone), headers=HTMX)
    assert "article" not in gone.text
    assert "HX-Retarget" not in gone
    place = at_bobs.post(address("comment-delete", asked), headers=HTMX)
    assert place["HX-Retarget"] == f"#comment-{asked.pk}"
    assert "This comment was deleted." in place.text


def test_buttons_are_for_whoever_may_press_them(at_bobs, client, alice, bob, image):
    alices, bobs = post_comment(alice, image.pk, "Hers."), post_comment(bob, image.pk, "His.")
    text = at_bobs.get(address("comments", image), headers=HTMX).text
    assert address("comment-edit", bobs) in text
    assert address("comment-delete", bobs) in text
    assert address("comment-edit", alices) not in text
    assert address("comment-delete", alices) not in text
    client.force_login(alice)
    text = client.get(address("comments", image), headers=HTMX).text
    assert address("comment-delete", bobs) in text
    assert address("comment-edit", bobs) not in text
    client.force_login(bob)
    assert client.get(address("comment-edit", alices)).status_code == 404


def test_a_long_talk_has_pages_and_does_not_repeat_what_was_just_posted(at_bobs, bob, image, monkeypatch):
    monkeypatch.setattr(commenting, "PER_MINUTE", 1000)
    made = [post_comment(bob, image.pk, f"Number {number}.") for number in range(33)]
    first = at_bobs.get(address("comments", image), headers=HTMX).text
    assert "Newer comments" in first
    cursor = re.search(r"cursor=([\w-]+)", first)[1]
    after = at_bobs.get(address("comments", image), {"cursor": cursor, "fresh": str(made[31].pk)}, headers=HTMX).text
    assert re.findall(r"Number \d+", after) == ["Number 30", "Number 32"]
    assert "talk-form" not in after


def test_further_answers_are_asked_for(at_bobs, bob, image):
    first = post_comment(bob, image.pk, "First.")
    for number in range(5):
        post_comment(bob, image.pk, f"Answer {number}.", answered=first.pk)
    text = at_bobs.get(address("comments", image), headers=HTMX).text
    assert "2 more answers" in text
    further = re.search(r'hx-get="([^"]+answers/[^"]+)"', text)[1].replace("&amp;", "&")
    answers = at_bobs.get(further, headers=HTMX).text
    assert re.findall(r"Answer \d", answers) == ["Answer 3", "Answer 4"]
    assert at_bobs.get(address("comment-answers", first)).url == address("comment", first)
    assert "Answer 4." in at_bobs.get(address("comment", first)).text


def test_nothing_is_here_for_strangers(client, bob, image):
    comment = post_comment(bob, image.pk, "First.")
    for name in ("comment-answer", "comment-edit"):
        assert client.get(address(name, comment)).url.startswith(reverse("account_login"))
    assert client.post(address("comment-post", image), {"text": "a"}).url.startswith(reverse("account_login"))
    assert client.get(reverse("comment", args=[uuid.uuid4()])).status_code == 404
    assert client.get(reverse("comments", args=[uuid.uuid4()])).status_code == 404
    client.force_login(bob)
    assert client.post(address("comment-post", image), {"text": "a", "answered": "x"}).status_code == 422


def test_where_visitors_see_nothing_they_read_no_comments(client, bob, image, settings):
    settings.MJWEB_ANONYMOUS_BROWSING = False
    assert client.get(address("comments", image)).url.startswith(reverse("account_login"))
