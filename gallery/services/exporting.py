"""Everything of one person as a ZIP, sent while it is made: their pictures, and JSON of all that is theirs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final, TypeVar

from django.contrib.postgres.aggregates import ArrayAgg
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.db.models import F, Model, Q, QuerySet
from zipstream import ZIP_DEFLATED, ZIP_STORED, ZipStream

from gallery.models import Block, Comment, Decision, Follow, Mute, Notification, Report, SpotlightItem
from gallery.selectors.notifications import settings_of
from gallery.selectors.people import profile_of
from generation.models import Collection, Image, Job, Like, OptionSet, Preferences, SavedSearch, Upload
from mjweb.accounts.models import User
from mjweb.common.archives import pieces_of

Rows = Iterable[dict[str, Any]]
Row = TypeVar("Row", bound=Model)
ROWS_AT_ONCE: Final = 500
OF_A_PROMPT: Final = (
    *("id", "kind", "variant", "prompt", "plan_values", "source_id", "parent_id", "visibility"),
    *("state", "error_code", "created_at", "finished_at"),
)


def export_of(person: User) -> Iterator[bytes]:
    """The ZIP in pieces; the first is there at once, however much there is. A picture whose file is gone is left out.

    Rows are read as they are sent, some hundred at a time, and no connection to the database is kept in between: a
    download may take an hour.
    """
    archive = ZipStream(compress_type=ZIP_STORED)
    for name, rows in _documents(person):
        archive.add(_as_json(rows), name, compress_type=ZIP_DEFLATED)
        yield from archive.all_files()
    for picture in _pictures(person):
        if default_storage.exists(picture.original_name):
            archive.add(pieces_of(picture.original_name), _file(picture))
            yield from archive.all_files()
    yield from archive.finalize()


def _documents(person: User) -> Iterator[tuple[str, Rows]]:
    yield "profile.json", [_profile(person)]
    yield "settings.json", [_settings(person)]
    yield "prompts.json", _prompts(person)
    yield "pictures.json", _images(person)
    yield "uploads.json", _uploads(person)
    yield "collections.json", _lazily(_collections(person))
    yield "searches.json", _lazily(SavedSearch.objects.owned_by(person).order_by("pk").values("name", "place", "query"))
    yield "comments.json", _lazily(_comments(person))
    yield "likes.json", _lazily(Like.objects.filter(person=person).order_by("pk").values("image", "created_at"))
    yield "people.json", [_people(person)]
    yield "notifications.json", _lazily(_notifications(person))
    yield "moderation.json", [_moderation(person)]


def _profile(person: User) -> dict[str, Any]:
    profile = profile_of(person)
    spotlight = SpotlightItem.objects.filter(person=person).order_by("position", "pk")
    return {
        "name": person.username,
        "email": person.email,
        "joined_at": person.date_joined,
        "about": profile.about,
        "banner": profile.banner_id,
        "shows_likes": profile.shows_likes,
        "spotlight": list(spotlight.values_list("image", flat=True)),
    }


def _settings(person: User) -> dict[str, Any]:
    told, preferences = settings_of(person), Preferences.objects.filter(owner=person).first()
    return {
        "browsing_level": person.browsing_level,
        "suffix": preferences.suffix if preferences else "",
        "defaults": preferences.defaults if preferences else "",
        "option_sets": list(OptionSet.objects.owned_by(person).order_by("name").values("name", "value")),
        "notifications": {"not_in_page": told.not_in_page, "not_by_mail": told.not_by_mail, "digest": told.digest},
    }


def _prompts(person: User) -> Rows:
    for job in _paged(Job.objects.owned_by(person)):
        yield {name: getattr(job, name) for name in OF_A_PROMPT}


def _images(person: User) -> Rows:
    for image in _paged(Image.everything.owned_by(person)):
        yield {
            "id": image.pk,
            "file": _file(image),
            "prompt": image.job_id,
            "index": image.index,
            "seed": image.seed,
            "width_px": image.width_px,
            "height_px": image.height_px,
            "visibility": image.visibility,
            "created_at": image.created_at,
            "trashed_at": image.trashed_at,
        }


def _uploads(person: User) -> Rows:
    for upload in _paged(Upload.objects.owned_by(person)):
        yield {"id": upload.pk, "file": _file(upload), "origin": upload.origin, "created_at": upload.created_at}


def _collections(person: User) -> QuerySet[Collection, Any]:
    images = ArrayAgg("items__image", filter=Q(items__image__isnull=False), default=[])
    return (
        Collection.objects.owned_by(person).order_by("pk").values("id", "name", "parent", "created_at", images=images)
    )


def _comments(person: User) -> QuerySet[Comment, Any]:
    comments = Comment.objects.filter(author=person).order_by("pk")
    return comments.values("id", "text", "answered", "created_at", "edited_at", image=F("publication__image"))


def _people(person: User) -> dict[str, Any]:
    return {
        "following": _names(Follow.objects.filter(follower=person), "followed"),
        "followers": _names(Follow.objects.filter(followed=person), "follower"),
        "blocked": _names(Block.objects.filter(person=person), "blocked"),
        "muted": _names(Mute.objects.filter(person=person), "muted"),
    }


def _names(rows: QuerySet[Any], side: str) -> list[str]:
    return list(rows.order_by("created_at").values_list(f"{side}__username", flat=True))


def _notifications(person: User) -> QuerySet[Notification, Any]:
    lines = Notification.objects.of(person).order_by("-updated_at")
    return lines.values("kind", "image", "target", "people_count", "created_at", "updated_at", "read_at")


def _moderation(person: User) -> dict[str, Any]:
    decisions = Decision.objects.filter(person=person).order_by("created_at")
    reports = Report.objects.filter(reporter=person).order_by("created_at")
    return {
        "decisions": list(decisions.values("id", "kind", "deed", "consequence", "reason", "created_at", "undone_at")),
        "reports": list(reports.values("id", "image", "comment", "reason", "text", "created_at")),
    }


def _pictures(person: User) -> Iterator[Image | Upload]:
    yield from _paged(Image.everything.owned_by(person))
    yield from _paged(Upload.objects.owned_by(person))


def _file(picture: Image | Upload) -> str:
    return f"{'pictures' if isinstance(picture, Image) else 'uploads'}/{picture.pk}.png"


def _lazily(rows: QuerySet[Any, Any]) -> Rows:
    """Asked for when their turn comes, and then at once."""
    known = list(rows)
    _give_back()
    yield from known


def _paged(rows: QuerySet[Row]) -> Iterator[Row]:
    """In the order of their keys, a page at a time."""
    page = list(rows.order_by("pk")[:ROWS_AT_ONCE])
    while page:
        _give_back()
        yield from page
        page = list(rows.filter(pk__gt=page[-1].pk).order_by("pk")[:ROWS_AT_ONCE])


def _give_back() -> None:
    """The connection is for others until the next page; within a transaction it is kept."""
    if not connection.in_atomic_block:
        connection.close()


def _as_json(rows: Rows) -> Iterator[bytes]:
    """One array, one row a line; a document of one row is that row alone."""
    if isinstance(rows, list):
        yield json.dumps(rows[0], cls=DjangoJSONEncoder, ensure_ascii=False, indent=1).encode()
        return
    between = b"[\n"
    for row in rows:
        yield between + json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False).encode()
        between = b",\n"
    yield b"[]" if between == b"[\n" else b"\n]"
