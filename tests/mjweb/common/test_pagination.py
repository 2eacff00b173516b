"""Keyset pages over real rows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from generation.models import Job
from mjweb.accounts.models import ApiToken
from mjweb.common.errors import InvalidInputError
from mjweb.common.ids import uuid7
from mjweb.common.pagination import keyset_page
from tests.factories import queued_job

pytestmark = pytest.mark.django_db


@pytest.fixture
def jobs(alice, checkpoint):
    """Seven jobs, three of them of one and the same moment."""
    made = [queued_job(alice, f"a boat {number}") for number in range(7)]
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    for number, job in enumerate(made):
        Job.objects.filter(pk=job.pk).update(created_at=moment + timedelta(seconds=max(0, number - 2)))
    return made


def walk(size: int) -> list[Job]:
    """Every row, page by page."""
    rows, cursor = [], None
    while True:
        page = keyset_page(Job.objects.all(), cursor=cursor, size=size)
        rows += page.rows
        if page.next_cursor is None:
            return rows
        cursor = page.next_cursor


@pytest.mark.parametrize("size", [1, 2, 3, 7, 50])
def test_pages_together_hold_every_row_once_newest_first(jobs, size):
    walked = walk(size)
    assert [job.pk for job in walked] == [
        job.pk for job in sorted(walked, key=lambda j: (j.created_at, j.pk), reverse=True)
    ]
    assert {job.pk for job in walked} == {job.pk for job in jobs}
    assert len(walked) == len(jobs)


def test_what_arrives_meanwhile_shifts_nothing(jobs, alice):
    first = keyset_page(Job.objects.all(), cursor=None, size=3)
    queued_job(alice, "a newer one")
    second = keyset_page(Job.objects.all(), cursor=first.next_cursor, size=3)
    assert not {job.pk for job in first.rows} & {job.pk for job in second.rows}
    assert len(second.rows) == 3


def test_the_last_page_has_no_cursor(jobs):
    assert keyset_page(Job.objects.all(), cursor=None, size=7).next_cursor is None


@pytest.mark.parametrize("cursor", ["x", "e30", "WzEsMl0", "bnVsbA", "ÿ", "WyJub3ciLCAieCJd", "A" * 5000])
def test_a_damaged_cursor_is_refused_with_a_sentence(cursor):
    with pytest.raises(InvalidInputError, match="This page link is damaged"):
        keyset_page(ApiToken.objects.all(), cursor=cursor, size=3)


def test_ids_sort_by_the_time_they_were_made():
    ids = [uuid7() for _ in range(3)]
    assert {each.version for each in ids} == {7}
    assert len(set(ids)) == 3
    assert ids[0].int >> 80 <= ids[2].int >> 80
