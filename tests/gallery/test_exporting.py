"""Taking everything along: a ZIP that opens, with all that is one's own and nothing of anybody else."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from http import HTTPStatus

import pytest
from asgiref.sync import async_to_sync
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import AsyncClient, Client
from django.urls import reverse
from PIL import Image as Pillow

from gallery.models import NotificationKind
from gallery.services import profiles, standing
from gallery.services.commenting import post_comment
from gallery.services.exporting import export_of
from gallery.services.liking import like_picture
from gallery.services.notifying import tell
from gallery.services.publishing import publish_missed
from generation.models import Collection, CollectionItem, Image, Upload
from tests.factories import finished_job

FILES = {
    "profile.json", "settings.json", "prompts.json", "pictures.json", "uploads.json", "collections.json",
    "searches.json", "comments.json", "likes.json", "people.json", "notifications.json", "moderation.json",
}  # fmt: skip


@pytest.fixture
def grid(alice, checkpoint) -> list[Image]:
    images = list(finished_job(alice, "a red lighthouse").images.order_by("index"))
    publish_missed()
    return images


def opened(pieces: Iterator[bytes]) -> zipfile.ZipFile:
    archive = zipfile.ZipFile(io.BytesIO(b"".join(pieces)))
    assert archive.testzip() is None
    return archive


def test_an_empty_account_has_an_archive_too(alice):
    archive = opened(export_of(alice))
    assert set(archive.namelist()) == FILES
    assert json.loads(archive.read("profile.json"))["name"] == "alice"
    assert json.loads(archive.read("prompts.json")) == []


def test_everything_of_ones_own_is_in_it(alice, bob, grid):
    profiles.edit_profile(alice, about="I paint", shows_likes=True)
    profiles.arrange_spotlight(alice, [grid[1].pk])
    standing.follow_person(alice, "bob")
    standing.block_person(alice, "bob")
    comment = post_comment(alice, grid[0].pk, "héllo")
    like_picture(alice, grid[2].pk)
    collection = Collection.objects.create(owner=alice, name="best")
    Collection.objects.create(owner=alice, name="empty")
    CollectionItem.objects.create(collection=collection, image=grid[3])
    default_storage.save(f"ab/{'ab' * 32}.png", ContentFile(b"upload"))
    upload = Upload.objects.create(owner=alice, width_px=8, height_px=8, sha256="ab" * 32, size_bytes=6)
    tell(alice, NotificationKind.DECIDED, person=None, target="x")
    archive = opened(export_of(alice))
    told = {name: json.loads(archive.read(name)) for name in FILES}
    assert set(archive.namelist()) == {
        *FILES,
        f"uploads/{upload.pk}.png",
        *(f"pictures/{image.pk}.png" for image in grid),
    }
    assert told["profile.json"]["about"] == "I paint"
    assert told["profile.json"]["spotlight"] == [str(grid[1].pk)]
    assert told["prompts.json"][0]["prompt"] == "a red lighthouse"
    assert {row["seed"] for row in told["pictures.json"]} == {image.seed for image in grid}
    assert told["people.json"] == {"following": [], "followers": [], "blocked": ["bob"], "muted": []}
    assert {row["name"]: row["images"] for row in told["collections.json"]} == {"best": [str(grid[3].pk)], "empty": []}
    assert told["comments.json"][0] | {"created_at": ""} == {
        "id": str(comment.pk), "image": str(grid[0].pk), "text": "héllo",
        "answered": None, "created_at": "", "edited_at": None,
    }  # fmt: skip
    assert told["likes.json"][0]["image"] == str(grid[2].pk)
    assert told["notifications.json"][0]["kind"] == "decided"
    Pillow.open(io.BytesIO(archive.read(f"pictures/{grid[0].pk}.png"))).load()


def test_nothing_of_anybody_else_is_in_it(alice, bob, grid):
    post_comment(bob, grid[0].pk, "bobs words")
    like_picture(bob, grid[0].pk)
    finished_job(bob, "bobs prompt")
    archive = opened(export_of(alice))
    everything = b"".join(archive.read(name) for name in FILES)
    assert b"bob" not in everything
    assert len([name for name in archive.namelist() if name.startswith("pictures/")]) == 4


def test_a_file_that_is_gone_is_left_out(alice, grid):
    default_storage.delete(grid[0].original_name)
    archive = opened(export_of(alice))
    assert f"pictures/{grid[0].pk}.png" not in archive.namelist()
    assert f"pictures/{grid[1].pk}.png" in archive.namelist()


def test_the_first_piece_needs_no_picture(alice, grid, monkeypatch):
    monkeypatch.setattr("gallery.services.exporting.pieces_of", None)
    assert next(export_of(alice)).startswith(b"PK")


def test_rows_come_page_by_page(alice, checkpoint, monkeypatch):
    for _ in range(3):
        finished_job(alice)
    monkeypatch.setattr("gallery.services.exporting.ROWS_AT_ONCE", 5)
    archive = opened(export_of(alice))
    rows = json.loads(archive.read("pictures.json"))
    assert [row["id"] for row in rows] == [
        str(key) for key in Image.objects.order_by("pk").values_list("pk", flat=True)
    ]
    assert len(archive.namelist()) == len(FILES) + 12


# --- the page


def test_the_password_is_asked_for_once_more(client, alice):
    client.force_login(alice)
    assert reverse("export-download") in client.get(reverse("export")).text
    answer = client.get(reverse("export-download"))
    assert answer.status_code == HTTPStatus.FOUND
    assert answer["Location"].startswith(reverse("account_reauthenticate"))
    answer = client.post(answer["Location"], {"password": "correct horse"})
    assert answer["Location"] == reverse("export-download")


@pytest.mark.django_db(transaction=True)
def test_it_is_streamed_through_the_server(alice, grid):
    client = Client()
    client.force_login(alice)
    client.post(reverse("account_reauthenticate"), {"password": "correct horse"})

    async def fetch() -> tuple[object, bytes]:
        browser = AsyncClient()
        browser.cookies = client.cookies
        response = await browser.get(reverse("export-download"))
        return response, b"".join([piece async for piece in response.streaming_content])

    response, content = async_to_sync(fetch)()
    assert response["Content-Type"] == "application/zip"
    assert response["Cache-Control"] == "private, no-store"
    assert len(zipfile.ZipFile(io.BytesIO(content)).namelist()) == len(FILES) + 4
