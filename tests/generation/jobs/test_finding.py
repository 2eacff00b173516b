"""What searches find."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from generation.errors import SearchRefusedError
from generation.jobs import collecting, organizing
from generation.jobs.finding import found_images
from generation.jobs.searching import read_search
from generation.models import Image, Job, Visibility
from mjweb.common.pagination import keyset_page
from tests.factories import finished_job


def found(user, text: str) -> set[str]:
    """The prompts of what is found; a part of a grid is noticed elsewhere."""
    return {image.job.prompt.partition(" --")[0] for image in found_images(user, read_search(text))}


@pytest.fixture
def pictures(alice, bob, checkpoint):
    """Three grids of Alice's and one of Bob's, by their first word."""
    finished_job(bob, "a boat of somebody else")
    prompts = (
        "cat on a boat --ar 16:9 --style watercolor",
        "caterpillar, 水彩画 --stealth",
        "dog 100% _fluffy_ --ar 2:3",
    )
    made = [list(finished_job(alice, prompt).images.order_by("index")) for prompt in prompts]
    return dict(zip(("cat", "caterpillar", "dog"), made, strict=True))


def ids(images) -> list:
    return [image.pk for image in images]


FOUND = (
    ("", {"cat", "caterpillar", "dog"}),
    ("boat", {"cat"}),
    ("CAT", {"cat", "caterpillar"}),
    ("cat boat", {"cat"}),
    ('"on a boat"', {"cat"}),
    ('"boat on"', set()),
    ("-cat", {"dog"}),
    ("水彩", {"caterpillar"}),
    ("100%", {"dog"}),
    ("1_0", set()),
    ("tag:cat", {"cat"}),
    ("-tag:cat", {"caterpillar", "dog"}),
    ("tag:watercolor", {"cat"}),
    ("tag:100%", {"dog"}),
    ("tag:水彩", {"caterpillar"}),
    ("tag:.*", set()),
    ("style:watercolor", {"cat"}),
    ("style:water", set()),
    ("ar:16:9", {"cat"}),
    ("ar:landscape", {"cat"}),
    ("ar:portrait", {"dog"}),
    ("ar:square", {"caterpillar"}),
    ("ar:square ar:2:3", {"caterpillar", "dog"}),
    ("ar:5:3 ar:2:1", {"cat"}),
    ("-ar:1:1 -ar:2:3", {"cat"}),
    ("kind:imagine", {"cat", "caterpillar", "dog"}),
    ("kind:vary kind:upscale", set()),
    ("is:private", {"caterpillar"}),
    ("is:public", {"cat", "dog"}),
    ("model:STARTER", {"cat", "caterpillar", "dog"}),
    ("model:nobody", set()),
    ("seed:5", set()),
    ("on:today", {"cat", "caterpillar", "dog"}),
    ("before:today", set()),
    ("after:2w -tag:cat", {"caterpillar", "dog"}),
)


def test_each_filter_finds_what_it_says(alice, pictures):
    """In one go, for the pictures take longer than the searches."""
    for text, words in FOUND:
        assert {prompt.split()[0].strip(",") for prompt in found(alice, text)} == words, text


def test_a_picture_that_got_another_shape_is_not_of_the_shape_that_its_prompt_asked_for(alice, pictures):
    wide = pictures["cat"][0].job
    Job.objects.filter(pk=wide.pk).update(kind="square")
    Image.objects.filter(job=wide).update(width_px=128, height_px=128)
    assert found(alice, "ar:16:9") == set()
    assert "cat on a boat" in found(alice, "ar:1:1")


def test_a_seed_finds_its_picture(alice, pictures):
    one = pictures["dog"][2]
    assert one in found_images(alice, read_search(f"seed:{one.seed}"))
    assert {image.seed for image in found_images(alice, read_search(f"seed:{one.seed}"))} == {one.seed}


def test_dates_are_whole_days_in_utc(alice, pictures):
    moments = {"cat": datetime(2026, 1, 31, 23, 59, 59, tzinfo=UTC), "dog": datetime(2026, 2, 1, tzinfo=UTC)}
    for word, moment in moments.items():
        Image.objects.filter(pk__in=ids(pictures[word])).update(created_at=moment)
    assert found(alice, "on:2026-01") == {"cat on a boat"}
    assert found(alice, "on:2026-01-31") == {"cat on a boat"}
    assert found(alice, "after:2026-02-01 before:2026-02-02") == {"dog 100% _fluffy_"}
    assert found(alice, "before:2026-02-01") == {"cat on a boat"}


def test_likes_are_those_of_the_person_who_asks(alice, bob, pictures):
    organizing.like_images(alice, ids(pictures["cat"])[:1])
    organizing.like_images(bob, ids(pictures["dog"]))
    assert ids(found_images(alice, read_search("is:liked"))) == ids(pictures["cat"])[:1]
    assert [image.is_liked for image in found_images(alice, read_search("")) if image.is_liked] == [True]
    assert pictures["cat"][0] not in found_images(alice, read_search("-is:liked"))


def test_a_collection_finds_what_lies_in_it_and_below_it(alice, pictures):
    outer = collecting.create_collection(alice, "Winter book")
    inner = collecting.create_collection(alice, "Animals", parent_id=outer.pk)
    organizing.collect_images(alice, outer.pk, ids(pictures["cat"]))
    organizing.collect_images(alice, inner.pk, ids(pictures["dog"]))
    assert found(alice, 'in:"winter BOOK"') == {"cat on a boat", "dog 100% _fluffy_"}
    assert found(alice, "in:animals") == {"dog 100% _fluffy_"}
    assert found(alice, "is:collected -in:animals") == {"cat on a boat"}
    assert found(alice, "-is:collected") == {"caterpillar, 水彩画"}


def test_an_unknown_collection_is_said(alice, bob, checkpoint):
    collecting.create_collection(bob, "Coast")
    collecting.create_collection(alice, "Boats")
    with pytest.raises(SearchRefusedError, match=r"no collection “Bots”\. Did you mean “Boats”"):
        found_images(alice, read_search("in:Bots"))
    with pytest.raises(SearchRefusedError):
        found_images(alice, read_search("in:Coast"))


def test_hidden_and_thrown_away_pictures_are_found_only_when_asked_for(alice, pictures):
    organizing.hide_images(alice, ids(pictures["cat"]))
    organizing.trash_images(alice, ids(pictures["dog"]))
    assert found(alice, "") == {"caterpillar, 水彩画"}
    assert found(alice, "is:hidden") == {"cat on a boat"}
    assert found(alice, "is:trashed") == {"dog 100% _fluffy_"}


def test_pages_meet_without_a_gap(alice, pictures):
    everything = found_images(alice, read_search("-ar:7:1"))
    first = keyset_page(everything, cursor=None, size=5)
    second = keyset_page(everything, cursor=first.next_cursor, size=7)
    assert len({image.pk for image in [*first.rows, *second.rows]}) == 12
    assert second.next_cursor is None


def test_private_pictures_of_others_are_never_found(alice, bob, pictures):
    organizing.set_visibility(alice, ids(pictures["cat"]), Visibility.PRIVATE)
    assert found(bob, "") == {"a boat of somebody else"}
    assert found(bob, "is:trashed") == set()


def test_every_term_is_one_query_however_many_pictures(alice, pictures, django_assert_num_queries):
    collecting.create_collection(alice, "x")
    text = 'cat -dog "a" ar:1:1 -ar:3:1 model:x kind:vary is:liked is:hidden -is:collected in:x after:7d seed:1 style:y'
    with django_assert_num_queries(2):  # of which one finds the collection
        list(found_images(alice, read_search(text)))


def test_letters_are_found_by_their_index(alice, pictures):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "job_prompt_letters" in Job.objects.filter(prompt__icontains="lighthouse").explain()


def test_age_is_counted_from_today(alice, pictures):
    Image.objects.filter(pk__in=ids(pictures["cat"])).update(created_at=timezone.now() - timedelta(days=9))
    assert found(alice, "after:7d") == {"caterpillar, 水彩画", "dog 100% _fluffy_"}
