"""A search as a page of publications, each with the reason why it is there."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import gettext as _

from gallery.models import Publication
from gallery.models.publication import PublicationQuerySet
from gallery.search._conditions import Viewer, fulfilling
from gallery.search._fusing import Fused, Ranking, Why, fuse
from gallery.search._rankings import WINDOW, by_direction, by_words
from generation.errors import NotAnsweredError, NoWorkerError, StillAskingError
from generation.jobs.directions import Direction, direction_of_image, direction_of_upload, direction_of_words
from generation.jobs.searching import WORDS, Search
from generation.models import Image, Upload
from mjweb.accounts.models import User
from mjweb.common.errors import InvalidInputError
from mjweb.common.pagination import keyset_page

PAGE_SIZE: Final = 40
EVERYTHING: Final = Search()
BUSY: Final = "search:engines-busy"
BUSY_FOR_S: Final = 10
"""After somebody waited in vain nobody waits for so long: a page must not take seconds because an engine paints."""
SIGNS: Final = {Ranking.WORDS: "search", Ranking.MEANING: "eye", Ranking.PICTURE: "similar"}


@dataclass(frozen=True, slots=True)
class Sought:
    """What somebody looks for.

    similar: what pictures shall look like: one of this server that the viewer may see, or an upload of theirs.
    asker: what tells visitors from each other; of no use for people who are signed in.
    """

    viewer: Viewer
    search: Search = EVERYTHING
    similar: Image | Upload | None = None
    asker: str = ""

    @property
    def is_ranked(self) -> bool:
        """Whether some fit better than others. Conditions alone are fulfilled or not: the newest come first then."""
        return bool(self.search.words or self.similar)

    @property
    def text(self) -> str:
        """What pictures shall show, in words."""
        return " ".join(term.value for term in self.search.terms if term.key == WORDS and not term.is_negated)


@dataclass(frozen=True, slots=True)
class Found:
    """A publication, and why it is there."""

    publication: Publication
    why: Why

    @property
    def sign(self) -> str:
        """The icon of what speaks for it most: similarity, then what it shows, then words."""
        return SIGNS[self.why.by[-1]] if self.why.by else "filter"


@dataclass(frozen=True, slots=True)
class Results:
    """A page. notice: what could not be looked at, for people; empty where all was."""

    rows: list[Found]
    next_cursor: str | None
    notice: str = ""


def find(sought: Sought, *, cursor: str | None = None, size: int = PAGE_SIZE) -> Results:
    """A page of what this person may see of it: the best first, or where nothing is better the newest.

    Of the ranked, the first 400. What is shown after the first page was made is on none of its pages.

    Raises:
        SearchRefusedError: it asks for what is the viewer's own, and nobody is signed in.
        InvalidInputError: the cursor is not one of ours.
        NoWorkerError, NotAnsweredError, StillAskingError, PictureGoneError: nobody can look at the upload.
    """
    shown = fulfilling(Publication.objects.listed_for(sought.viewer), sought.viewer, sought.search)
    if not sought.is_ranked:
        page = keyset_page(shown.with_cards(sought.viewer), cursor=cursor, size=size, order="-published_at")
        return Results([Found(publication, Why()) for publication in page.rows], page.next_cursor)
    place = _Place.read(cursor) if cursor else _Place(timezone.now())
    rankings, notice = _rankings(sought, shown.filter(published_at__lte=place.as_of))
    behind = [one for one in fuse(rankings)[:WINDOW] if place.is_before(one)]
    page_of, more = behind[:size], len(behind) > size
    rows = _found(sought, page_of)
    return Results(rows, replace(place, last=_key(page_of[-1])).written if more else None, notice)


def _rankings(sought: Sought, shown: PublicationQuerySet) -> tuple[dict[Ranking, list[UUID]], str]:
    """Every ranking that can be had, and why one cannot."""
    rankings: dict[Ranking, list[UUID]] = {}
    notice, is_narrow = "", len(sought.search.terms) > len(sought.search.words)
    if sought.search.words:
        rankings[Ranking.WORDS] = by_words(shown, sought.viewer, sought.search.words)
        direction, notice = _read(sought)
        if direction is not None:
            rankings[Ranking.MEANING] = by_direction(shown, direction, is_sure=True, is_narrow=is_narrow)
    if sought.similar is not None:
        direction = _seen(sought.similar)
        others = shown.exclude(image=sought.similar) if isinstance(sought.similar, Image) else shown
        rankings[Ranking.PICTURE] = by_direction(others, direction, is_narrow=is_narrow) if direction else []
    return rankings, notice


def _read(sought: Sought) -> tuple[Direction | None, str]:
    """Where the words lie among pictures. Without an answer the prompts alone are looked through."""
    asker = sought.viewer if isinstance(sought.viewer, User) else sought.asker
    busy = _("No engine could look at the pictures just now: only the words of prompts were searched.")
    if cache.get(BUSY):
        return None, busy
    try:
        return direction_of_words(sought.text, asker), ""
    except NoWorkerError:
        return None, busy
    except NotAnsweredError:
        cache.set(BUSY, True, BUSY_FOR_S)
        return None, busy
    except StillAskingError:
        return None, _("Your last search is still being looked at: here only the words of prompts were searched.")


def _seen(similar: Image | Upload) -> Direction | None:
    if isinstance(similar, Image):
        return direction_of_image(similar)
    return direction_of_upload(similar, similar.owner)


def _found(sought: Sought, page: Sequence[Fused]) -> list[Found]:
    """The publications of a page in its order; one that was hidden meanwhile is left out."""
    listed = Publication.objects.listed_for(sought.viewer).filter(pk__in=[one.publication for one in page])
    rows = {row.pk: row for row in listed.with_cards(sought.viewer)}
    words = sought.search.words
    return [
        Found(rows[one.publication], Why(one.by, words if Ranking.WORDS in one.by else ()))
        for one in page
        if one.publication in rows
    ]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a page of a ranking begins. as_of: when its first page was made; last: score and id of the one before."""

    as_of: datetime
    last: tuple[float, str] | None = None

    @classmethod
    def read(cls, cursor: str) -> _Place:
        try:
            moment, score, key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
            return cls(datetime.fromisoformat(moment).astimezone(UTC), (float(score), str(UUID(key))))
        except (ValueError, TypeError, AttributeError, binascii.Error, RecursionError, OverflowError) as error:
            sentence = _("This page link is damaged. Start again from the top.")
            raise InvalidInputError(sentence, parameter="cursor") from error

    @property
    def written(self) -> str:
        text = json.dumps([self.as_of.isoformat(), *(self.last or ())])
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    def is_before(self, one: Fused) -> bool:
        return self.last is None or _key(one) < self.last


def _key(one: Fused) -> tuple[float, str]:
    return one.score, str(one.publication)
