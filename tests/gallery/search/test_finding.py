"""What is found, in which order, and why: the real database with its indexes, directions from numbers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from gallery.models import Publication
from gallery.search import Sought, find, write_missing_words
from gallery.search import _rankings as rankings
from gallery.services.publishing import publish_image
from generation.errors import (
    ImageNotFoundError,
    NotAnsweredError,
    NoWorkerError,
    SearchRefusedError,
    UploadNotFoundError,
)
from generation.jobs.searching import read_search
from generation.models import Image, Job, Like, SearchPlace
from mjweb.common.errors import InvalidInputError
from tests.gallery.search.conftest import EYES

pytestmark = pytest.mark.django_db
VISITOR = AnonymousUser()


def results(text: str, viewer=VISITOR, *, similar=None, **page):
    return find(Sought(viewer, read_search(text, SearchPlace.GALLERY), similar), **page)


def found(text: str, viewer=VISITOR, **more) -> list[str]:
    """The first word of the prompt of each."""
    return [one.publication.image.job.prompt.split()[0].strip(",") for one in results(text, viewer, **more).rows]


# --- words


@pytest.fixture
def gallery(alice, bob, show, eye):
    show(alice, "boat on the sea, watercolor --ar 3:2 --style watercolor --seed 7")
    show(bob, "lighthouse beside boats --ar 1:1")
    show(alice, "海边的灯塔 --ar 2:3")
    show(bob, "caterpillar, sci-fi --no boat")


FOUND = (
    ("boat", ["boat", "lighthouse"]),
    ("boats", ["boat", "lighthouse"]),
    ("the boat", ["boat", "lighthouse"]),
    ("boat sea", ["boat"]),
    ("the", []),
    ("sci-fi", ["caterpillar"]),
    ("灯塔", ["海边的灯塔"]),
    ("塔", ["海边的灯塔"]),
    ("海边的灯塔", ["海边的灯塔"]),
    ("边海", []),
    ('"on the sea"', ["boat"]),
    ('"sea on"', []),
    ("boat -sea", ["lighthouse"]),
    ("tag:boat", ["boat"]),
    ("tag:boats", ["lighthouse"]),
    ("tag:cat", []),
    ("tag:灯塔", ["海边的灯塔"]),
    ('tag:"beside boats"', ["lighthouse"]),
    ('tag:"boats beside"', []),
    ("style:watercolor", ["boat"]),
    ("style:water", []),
    ("seed:7", ["boat"]),
    ("ar:3:2", ["boat"]),
    ("ar:square", ["caterpillar", "lighthouse"]),
    ("ar:portrait", ["海边的灯塔"]),
    ("ar:3:2 ar:portrait", ["海边的灯塔", "boat"]),
    ("by:ALICE", ["海边的灯塔", "boat"]),
    ("by:nobody", []),
    ("by:alice by:bob boat", ["boat", "lighthouse"]),
    ("-by:alice", ["caterpillar", "lighthouse"]),
    ("model:starter boat", ["boat", "lighthouse"]),
    ("model:other", []),
    ("kind:imagine boat", ["boat", "lighthouse"]),
    ("is:remix", []),
    ("is:upscaled", []),
    ("after:today boat", ["boat", "lighthouse"]),
    ("before:today", []),
    ("on:today boat", ["boat", "lighthouse"]),
    ("likes:1", []),
    ("likes:<1 boat", ["boat", "lighthouse"]),
    ("it's \\ 'quoted'", []),
    ("style:'", None),
)


def test_every_term_finds_what_it_says(gallery):
    for text, expected in FOUND:
        if expected is None:
            with pytest.raises(SearchRefusedError):
                results(text)
        else:
            assert sorted(found(text)) == sorted(expected), text


def test_filters_alone_give_the_newest_first_in_pages(gallery):
    assert found("") == ["caterpillar", "海边的灯塔", "lighthouse", "boat"]
    first = results("model:starter", size=3)
    assert [one.why.sentence for one in first.rows] == ["fits your filters"] * 3
    rest = results("model:starter", size=3, cursor=first.next_cursor)
    assert [len(first.rows), len(rest.rows), rest.next_cursor] == [3, 1, None]


def test_what_is_ones_own_needs_somebody(gallery, alice):
    Like.objects.create(person=alice, image=Image.objects.get(job__prompt__startswith="caterpillar"))
    assert found("is:liked", alice) == found("likes:1", alice) == ["caterpillar"]
    assert found("by:me", alice) == ["海边的灯塔", "boat"]
    for text in ("is:liked", "by:me"):
        with pytest.raises(SearchRefusedError, match="Sign in"):
            results(text)


def test_a_hidden_prompt_is_not_told_by_a_search(alice, bob, show, eye):
    secret = "boat in secret words --style watercolor --seed 7 --ar 3:2"
    show(bob, secret, shows_prompt=False)
    for text in ("boat", '"secret words"', "tag:boat", "style:watercolor", "seed:7"):
        assert found(text, alice) == found(text) == [], text
        assert found(text, bob) == ["boat"], text
    for text in ("-boat", "-tag:boat", "-style:watercolor", "-seed:7"):
        assert found(text, alice) == ["boat"], text
        assert found(text, bob) == [], text
    assert found("model:starter", alice) == found("ar:landscape", alice) == ["boat"]


def test_only_what_is_listed_is_found(alice, bob, show, eye):
    from gallery.services.publishing import unpublish_image

    shown = show(bob, "boat")
    eye["boat"] = (0.6, 0.8)
    assert found("boat", alice) == found("", alice) == ["boat"]
    unpublish_image(bob, shown.image_id)
    assert found("boat", alice) == found("", alice) == found("boat", bob) == []
    publish_image(bob, shown.image_id)
    Image.objects.update(trashed_at=timezone.now())
    assert found("boat", alice) == found("", alice) == []


def test_what_was_forgotten_is_written_later(gallery, eye):
    Publication.objects.update(words=None)
    assert found("boat") == []
    assert write_missing_words(limit=3) == 3
    assert write_missing_words() == 1
    assert write_missing_words() == 0
    assert found("boat") == ["lighthouse", "boat"] or sorted(found("boat")) == ["boat", "lighthouse"]


def test_words_that_are_close_together_and_few_go_first(alice, show, eye):
    show(alice, "red and a long way from it, behind hills and trees, a boat")
    show(alice, "A red boat")
    assert found("red boat")[0] == "A"


def test_a_hostile_prompt_is_kept(alice, show, eye):
    show(alice, "it's a 'quoted' \\ back\\slash & | ! ( ) <-> :* " + "y" * 900 + " " + "word " * 100)
    assert found("quoted slash") == ["it's"]
    assert found('"& |"') == []


# --- meaning


def test_what_looks_like_the_words_is_found_without_having_them(alice, show, eye):
    show(alice, "harbor", lies=(1.0, 0.0))
    show(alice, "beacon", lies=(0.96, 0.28))
    show(alice, "desert", lies=(0.0, 1.0))
    show(alice, "lighthouse in a desert", lies=(0.28, 0.96))
    eye["lighthouse"] = (1.0, 0.0)
    assert found("lighthouse")[0:3] in (["lighthouse", "harbor", "beacon"], ["harbor", "lighthouse", "beacon"])
    why = {one.publication.image.job.prompt: one.why.sentence for one in results("lighthouse").rows}
    assert why == {
        "harbor": "looks like your words",
        "beacon": "looks like your words",
        "lighthouse in a desert": "words: lighthouse",
    }


def test_who_has_the_words_and_looks_like_them_is_first(alice, show, eye):
    show(alice, "old lighthouse", lies=(0.96, 0.28))
    show(alice, "harbor", lies=(1.0, 0.0))
    show(alice, "desert", lies=(-1.0, 0.0))
    show(alice, "lighthouse of sand", lies=(-1.0, 0.0))
    eye["lighthouse"] = (1.0, 0.0)
    first = results("lighthouse").rows[0]
    assert first.publication.image.job.prompt == "old lighthouse"
    assert first.why.sentence == "words: lighthouse · looks like your words"


def test_filters_count_for_what_looks_alike_too(alice, bob, show, eye):
    show(alice, "harbor", lies=(1.0, 0.0))
    show(bob, "beacon", lies=(1.0, 0.0))
    show(bob, "desert", lies=(0.0, 1.0))
    eye["lighthouse"] = (1.0, 0.0)
    assert found("lighthouse by:bob") == ["beacon"]
    assert found("lighthouse -by:bob") == ["harbor"]


def test_without_an_engine_the_words_of_prompts_answer(gallery, monkeypatch):
    def nobody(_text, _asker):
        raise NoWorkerError("No engine is running.")

    monkeypatch.setattr("gallery.search._finding.direction_of_words", nobody)
    page = results("boat")
    assert [one.why.sentence for one in page.rows] == ["words: boat"] * 2
    assert page.notice.startswith("No engine could look at the pictures")


def test_after_one_waited_in_vain_others_do_not_wait(gallery, monkeypatch):
    asked: list[str] = []

    def busy(text, _asker):
        asked.append(text)
        raise NotAnsweredError("The engine is busy.")

    monkeypatch.setattr("gallery.search._finding.direction_of_words", busy)
    assert results("boat").notice == results("boats").notice != ""
    assert asked == ["boat"]


def test_directions_of_another_encoder_are_not_compared(alice, show, eye):
    from generation.models import Embedding

    show(alice, "harbor", lies=(1.0, 0.0))
    eye["lighthouse"] = (1.0, 0.0)
    Embedding.objects.update(encoder="other-eyes")
    assert found("lighthouse") == []


# --- pictures


def test_similar_pictures_come_nearest_first_and_without_the_picture_itself(alice, show, eye):
    mine = show(alice, "harbor", lies=(1.0, 0.0))
    show(alice, "desert", lies=(0.0, 1.0))
    show(alice, "beacon", lies=(0.96, 0.28))
    assert found("", similar=mine.image) == ["beacon", "desert"]
    assert results("", similar=mine.image).rows[0].why.sentence == "similar to this picture"
    assert found("by:bob", similar=mine.image) == []


def test_a_picture_that_nobody_has_looked_at_has_no_similar_ones(alice, show, eye):
    mine = show(alice, "harbor", lies=(1.0, 0.0))
    show(alice, "beacon", lies=(1.0, 0.0))
    mine.image.embeddings.all().delete()
    assert found("", similar=mine.image) == []


def test_the_picture_must_be_there_for_this_person(alice, bob, show):
    from gallery.search import similar_picture

    mine = show(alice, "harbor")
    Image.objects.update(visibility="private")
    assert similar_picture(alice, "") is None
    assert similar_picture(alice, str(mine.image_id)) == mine.image
    for viewer in (bob, VISITOR):
        with pytest.raises(ImageNotFoundError):
            similar_picture(viewer, str(mine.image_id))
        with pytest.raises(UploadNotFoundError):
            similar_picture(viewer, f"upload:{mine.image_id}")
        with pytest.raises(InvalidInputError, match="damaged"):
            similar_picture(viewer, "nothing")


# --- pages


def test_pages_of_a_ranking_have_everything_once_and_nothing_that_came_later(alice, show, eye):
    for number in range(7):
        show(alice, f"boat number {number}", lies=(1.0, number / 10))
    eye["boat"] = (1.0, 0.0)
    every = [one.publication.pk for one in results("boat").rows]
    assert len(every) == len(set(every)) == 7
    first = results("boat", size=3)
    show(alice, "boat that came later", lies=(1.0, 0.0))
    second = results("boat", size=3, cursor=first.next_cursor)
    third = results("boat", size=3, cursor=second.next_cursor)
    assert [one.publication.pk for page in (first, second, third) for one in page.rows] == every
    assert third.next_cursor is None
    assert len(results("boat").rows) == 8


@pytest.mark.parametrize("cursor", ["x", "!", "WzFd", "bnVsbA", "WyIyMDI2LTAxLTAxIiwgIngiLCAxXQ"])
def test_a_damaged_cursor_is_said(gallery, cursor):
    for text in ("boat", "model:starter"):
        with pytest.raises(InvalidInputError, match="damaged"):
            results(text, cursor=cursor)


def test_the_number_of_queries_does_not_grow_with_the_page(alice, show, eye, django_assert_max_num_queries):
    for number in range(6):
        show(alice, f"boat number {number}")
    eye["boat"] = (0.6, 0.8)
    results("boat")
    counted = []
    for size in (2, 6):
        with django_assert_max_num_queries(14) as queries:
            results("boat", alice, size=size)
        counted.append(len(queries))
    assert counted[0] == counted[1]


def test_among_many_the_index_goes_on_until_enough_is_found(alice, bob, show, eye, monkeypatch):
    """With so many that they are not compared one by one, the conditions count all the same."""
    monkeypatch.setattr(rankings, "FEW", 0)
    show(alice, "harbor", lies=(1.0, 0.0))
    show(bob, "beacon", lies=(1.0, 0.1))
    show(bob, "desert", lies=(0.0, 1.0))
    eye["lighthouse"] = (1.0, 0.0)
    assert found("lighthouse by:bob") == ["beacon"]


def test_the_window_is_the_end(alice, show, eye, monkeypatch):
    for number in range(4):
        show(alice, f"boat number {number}")
    monkeypatch.setattr("gallery.search._finding.WINDOW", 3)
    page = results("boat", size=2)
    assert len(results("boat", size=2, cursor=page.next_cursor).rows) == 1


def test_older_publications_are_found_by_their_day(alice, show, eye):
    show(alice, "boat", published_at=timezone.now() - timedelta(days=40))
    assert found("boat after:30d") == []
    assert found("boat -after:30d") == ["boat"]
    assert Job.objects.exists()
    assert EYES
