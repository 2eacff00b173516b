"""The orders of Explore: what each holds, that its pages meet, and that it asks one question."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gallery.models import Follow, Publication
from gallery.selectors import Feed, Within, explore_feed, style_feed
from gallery.selectors.styles import StyleNotFoundError, shelves_of_styles, style_look
from gallery.services.ageing import lower_recency
from gallery.services.publishing import publish_missed
from generation.jobs.organizing import like_images
from generation.models import Image
from mjweb.common.errors import InvalidInputError
from tests.factories import finished_job

NOBODY = AnonymousUser()


@pytest.fixture
def shown(alice, bob, checkpoint) -> list[Publication]:
    """Twelve publications, the oldest first, a day between each; the first four are Bob's."""
    for owner in (bob, alice, alice):
        finished_job(owner, "a boat --style watercolor")
    publish_missed()
    rows = list(Publication.objects.order_by("published_at", "pk"))
    now = timezone.now()
    for number, row in enumerate(rows):
        row.published_at = now - timedelta(days=11 - number, minutes=1)
        row.save(update_fields=["published_at"])
    return rows


def walk(user, feed: Feed, size: int = 5, **options) -> list[Publication]:
    """Every page of a feed."""
    rows, cursor = [], None
    while True:
        page = explore_feed(user, feed=feed, cursor=cursor, size=size, **options)
        rows += page.rows
        assert len(page.rows) <= size
        if (cursor := page.next_cursor) is None:
            return rows


def like(person, *rows: Publication) -> None:
    like_images(person, [row.image_id for row in rows])


def test_hot_is_what_is_liked_and_new(alice, bob, shown):
    like(alice, shown[9])
    like(bob, shown[9])
    hot = walk(NOBODY, Feed.HOT)
    assert [row.pk for row in hot[:3]] == [shown[11].pk, shown[10].pk, shown[9].pk]
    assert len(hot) == 12
    Publication.objects.filter(pk=shown[9].pk).update(published_at=shown[11].published_at)
    assert walk(NOBODY, Feed.HOT)[0].pk == shown[9].pk


def test_top_is_what_most_like_and_ties_are_parted_by_their_ids(alice, bob, shown):
    like(alice, shown[2], shown[7])
    like(bob, shown[2])
    top = walk(NOBODY, Feed.TOP, size=3)
    assert [row.pk for row in top[:2]] == [shown[2].pk, shown[7].pk]
    assert [row.pk for row in top[2:]] == sorted((row.pk for row in top[2:]), reverse=True)
    assert len({row.pk for row in top}) == 12


@pytest.mark.parametrize(("within", "count"), [(Within.DAY, 1), (Within.WEEK, 7), (Within.MONTH, 12), (Within.ALL, 12)])
def test_the_top_of_a_time_holds_nothing_older_before_and_after_the_sweep(shown, within, count):
    assert len(walk(NOBODY, Feed.TOP, within=within)) == count
    lower_recency()
    assert len(walk(NOBODY, Feed.TOP, within=within)) == count


def test_the_sweep_lowers_what_grew_older_at_once_and_may_run_twice(shown):
    Publication.objects.filter(pk=shown[0].pk).update(published_at=timezone.now() - timedelta(days=31))
    assert lower_recency() == 11 + 5 + 1
    assert lower_recency() == 0
    recency = dict(Publication.objects.values_list("pk", "recency"))
    assert [recency[shown[number].pk] for number in (0, 4, 5, 11)] == [0, 1, 2, 3]


def test_random_walks_around_once_and_begins_somewhere_else(shown):
    for size in (1, 5, 12, 40):
        walked = walk(NOBODY, Feed.RANDOM, size=size)
        assert len(walked) == len({row.pk for row in walked}) == 12
    assert len({explore_feed(NOBODY, feed=Feed.RANDOM, size=1).rows[0].pk for _ in range(40)}) > 1


def test_following_is_of_whom_one_follows_the_newest_first(alice, bob, shown):
    assert walk(alice, Feed.FOLLOWING) == []
    Follow.objects.create(follower=alice, followed=bob)
    assert [row.pk for row in walk(alice, Feed.FOLLOWING, size=3)] == [row.pk for row in shown[3::-1]]


def test_likes_are_ones_own_the_last_first(alice, bob, shown):
    for number in (5, 2, 9):
        like(alice, shown[number])
    like(bob, shown[1])
    assert [row.pk for row in walk(alice, Feed.LIKES, size=2)] == [shown[number].pk for number in (9, 2, 5)]


def test_likes_of_what_is_shown_no_longer_are_passed_over(alice, shown):
    for row in shown:
        like(alice, row)
    Image.objects.filter(pk__in=[row.image_id for row in shown[3:]]).update(visibility="private")
    assert [row.pk for row in walk(alice, Feed.LIKES, size=2)] == [shown[number].pk for number in (2, 1, 0)]


@pytest.mark.parametrize("feed", [Feed.FOLLOWING, Feed.LIKES])
def test_nobody_has_feeds_of_their_own(shown, feed):
    assert walk(NOBODY, feed) == []


@pytest.mark.parametrize("feed", [Feed.HOT, Feed.TOP, Feed.RANDOM, Feed.FOLLOWING, Feed.LIKES])
@pytest.mark.parametrize("cursor", ["nonsense", "1~2", "x~0~y", "WyJ4IiwgMV0"])
def test_a_damaged_cursor_is_refused_in_every_order(alice, feed, cursor):
    with pytest.raises(InvalidInputError, match="This page link is damaged"):
        explore_feed(alice, feed=feed, cursor=cursor)


def test_the_cursor_of_another_order_is_refused(shown):
    cursor = explore_feed(NOBODY, feed=Feed.NEW, size=2).next_cursor
    with pytest.raises(InvalidInputError):
        explore_feed(NOBODY, feed=Feed.TOP, cursor=cursor)


@pytest.mark.parametrize("feed", Feed)
def test_a_page_costs_the_same_with_any_number_of_rows(alice, bob, shown, feed):
    Follow.objects.create(follower=alice, followed=bob)
    like(alice, *shown)
    asked = set()
    for size in (1, 4, 11):
        with CaptureQueriesContext(connection) as queries:
            rows = explore_feed(alice, feed=feed, size=size).rows
            assert all(row.author.username and row.image.job.prompt and row.image.publication.pk for row in rows)
        assert rows
        asked.add(len(queries))
    assert asked == {2 if feed in {Feed.FOLLOWING, Feed.LIKES} else 1} or (feed == Feed.RANDOM and asked <= {1, 2})


def test_a_card_knows_whether_the_person_likes_it(alice, bob, shown):
    like(alice, shown[11])
    assert [row.is_liked for row in explore_feed(alice, size=2).rows] == [True, False]
    assert [row.is_liked for row in explore_feed(bob, size=2).rows] == [False, False]
    assert [row.is_liked for row in explore_feed(NOBODY, size=2).rows] == [False, False]


def test_a_style_has_what_names_it_and_no_hidden_words(shown):
    assert len(style_feed(NOBODY, "watercolor").rows) == 12
    assert style_feed(NOBODY, "anime").rows == []
    Publication.objects.filter(pk=shown[0].pk).update(shows_prompt=False)
    assert len(style_feed(NOBODY, "watercolor").rows) == 11


def test_every_style_is_shown_with_its_hottest_pictures(bob, shown, django_assert_num_queries):
    like(bob, shown[3])
    Publication.objects.filter(pk=shown[3].pk).update(published_at=shown[11].published_at)
    with django_assert_num_queries(2):
        shelves = shelves_of_styles(NOBODY)
    styles = {style.look.preset.name: style for shelf in shelves.values() for style in shelf}
    assert len(styles) > 80
    assert [row.pk for row in styles["watercolor"].publications] == [shown[n].pk for n in (3, 11, 10, 9)]
    assert styles["watercolor"].publications[0].style == "watercolor"
    assert [name for name, style in styles.items() if style.publications] == ["watercolor"]


def test_a_style_that_nobody_knows_is_not_found():
    assert style_look("Watercolor").preset.name == "watercolor"
    with pytest.raises(StyleNotFoundError):
        style_look("nonsense")
