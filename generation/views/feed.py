"""The feed of job cards: under the day on which they were asked for, the jobs of one prompt together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_POST, require_safe

from generation.jobs import selectors
from generation.jobs.lanes import balance_of
from generation.jobs.retrying import retry_job
from generation.jobs.services import own_job
from generation.views import answers
from generation.views.cards import JobCard, cards_of, job_cards
from mjweb.accounts.people import person
from mjweb.common.access import member
from mjweb.common.pagination import Page, keyset_page
from mjweb.common.saying import say

OLDER_PER_PAGE: Final = 36
"""Of a page that is fetched while the person scrolls: twice as many as on the first, for half as many questions."""


@dataclass(frozen=True, slots=True)
class Day:
    """The heading of a day. jobs: all that were asked for on it, also those on later pages."""

    date: date
    label: str
    jobs: int


@dataclass(frozen=True, slots=True)
class PromptSet:
    """The heading of jobs that one prompt made together. address: of their contact sheet; empty where there is none."""

    id: UUID
    prompt: str
    jobs: int
    address: str


@dataclass(frozen=True, slots=True)
class FeedRow:
    """A card and what stands above it.

    ends_row: the card before was the last of its day or prompt. ends_set: it was the last of its prompt.
    """

    card: JobCard
    day: Day | None
    prompt_set: PromptSet | None
    ends_row: bool
    ends_set: bool


@member
@require_POST
def retry(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Try again: the same job once more."""
    return answers.answer(request, retry_job(person(request), job_id))


@member
@require_safe
def tiles(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """The pictures of an own job as tiles, for a page of pictures that is open while they come."""
    images = selectors.image_history(person(request)).filter(job=own_job(person(request), job_id))
    page = Page(list(images.filter(is_hidden=False).order_by("index")), None)
    return render(request, "generation/_image_tiles.html", {"page": page})


@member
@require_safe
def lanes(request: HttpRequest) -> HttpResponse:
    """What is left of the fast minutes now."""
    balance = balance_of(person(request))
    return render(request, "generation/_lanes.html", {"balance": balance, "both": True}) if balance else HttpResponse()


def feed_page(request: HttpRequest, *, size: int) -> dict[str, object]:
    """The cards after the request's cursor, with the headings above them."""
    page = keyset_page(cards_of(person(request)), cursor=request.GET.get("cursor"), size=size)
    cards, zone = job_cards(page.rows), zone_of(request)
    return {"rows": feed_rows(request, cards, zone), "cards": cards, "next_cursor": page.next_cursor}


def feed_rows(request: HttpRequest, cards: Sequence[JobCard], zone: tzinfo) -> list[FeedRow]:
    """These cards of the person's feed, each with what stands above it."""
    days = [timezone.localdate(card.job.created_at, zone) for card in cards]
    counts = selectors.jobs_by_day(person(request), days[-1], days[0], zone) if days else {}
    return list(_rows(cards, days, counts, datetime.now(zone).date()))


def _rows(cards: Sequence[JobCard], days: Sequence[date], counts: Mapping[date, int], today: date) -> Iterator[FeedRow]:
    last_day, last_set = None, None
    for card, day in zip(cards, days, strict=True):
        group, is_first = card.job.group_id, last_day is None
        is_new_day = day != last_day
        is_new_set = group is not None and (group != last_set or is_new_day)
        ends_set = last_set is not None and (group != last_set or is_new_day)
        yield FeedRow(
            card=card,
            day=Day(day, day_label(day, today), counts.get(day, 0)) if is_new_day else None,
            prompt_set=_prompt_set(card) if is_new_set else None,
            ends_row=not is_first and (is_new_day or is_new_set or ends_set),
            ends_set=ends_set and not is_new_day,
        )
        last_day, last_set = day, group


def _prompt_set(card: JobCard) -> PromptSet | None:
    group = card.job.group
    return PromptSet(group.pk, group.prompt, card.beside, card.sheet) if group else None


def day_label(day: date, today: date) -> str:
    """A day as people say it; the page's own headings say it in the same words."""
    ago = (today - day).days
    if ago in (0, 1):
        return (say("Today"), say("Yesterday"))[ago]
    return date_format(day, say("l j F") if day.year == today.year else say("l j F Y"))


def zone_of(request: HttpRequest) -> tzinfo:
    """Where the person's clock stands, as their browser said it; UTC while it has not, or where nobody knows that."""
    try:
        return ZoneInfo(request.COOKIES.get("zone", "UTC"))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC
