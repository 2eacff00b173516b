"""Organizing by program."""

from __future__ import annotations

import uuid

import pytest

from generation.models import Image
from tests.factories import finished_job

pytestmark = pytest.mark.django_db
IMAGES, ORGANIZE, COLLECTIONS, SEARCHES = (
    f"/api/v1/{name}" for name in ("images", "images/organize", "collections", "saved-searches")
)


@pytest.fixture
def grid(alice, checkpoint):
    return [str(pk) for pk in finished_job(alice, "a boat").images.order_by("index").values_list("pk", flat=True)]


def found(api, q: str) -> int:
    return len(api.get(IMAGES, q=q).json()["results"])


def test_pictures_are_searched(api, alice, grid):
    finished_job(alice, "a cat --ar 3:2")
    assert found(api, "") == 8
    assert found(api, "boat") == 4
    assert found(api, "ar:3:2 -boat") == 4
    refused = api.get(IMAGES, q="boat modle:x")
    assert (refused.status_code, refused.json()["code"]) == (422, "search_refused")
    assert refused.json()["errors"][0] | {"sentence": ""} == {
        "code": "bad_search", "field": "q", "sentence": "", "start": 5, "end": 12,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("action", "back", "q"),
    [("like", "unlike", "is:liked"), ("hide", "unhide", "is:hidden"), ("trash", "restore", "is:trashed"),
     ("unpublish", "publish", "is:private"), ("unlist", "publish", "is:unlisted")],
)  # fmt: skip
def test_many_are_changed_at_once_and_back(api, grid, action, back, q):
    for _ in range(2):
        changed = api.post(ORGANIZE, {"action": action, "images": grid[:3]}).json()["changed"]
    assert (changed, found(api, q)) == (0, 3)
    assert api.post(ORGANIZE, {"action": back, "images": grid}).json() == {"changed": 3}
    assert found(api, q) == 0


def test_what_is_not_yours_refuses_all(api, stranger, grid):
    assert stranger.post(ORGANIZE, {"action": "trash", "images": grid}).status_code == 404
    assert api.post(ORGANIZE, {"action": "trash", "images": [*grid, str(uuid.uuid4())]}).status_code == 404
    assert Image.objects.count() == 4
    for wrong in (
        {"action": "trash", "images": []},
        {"action": "burn", "images": grid},
        {"action": "collect", "images": grid},
        {"action": "like", "images": grid, "collection": str(uuid.uuid4())},
        {"action": "like"},
    ):
        assert api.post(ORGANIZE, wrong).status_code == 422


def test_a_collection_lives(api, stranger, grid):
    coast = api.post(COLLECTIONS, {"name": "Coast"}).json()
    assert (coast["path"], coast["pictures"], coast["parent"]) == (["Coast"], 0, None)
    collect = {"action": "collect", "images": grid, "collection": coast["id"]}
    assert api.post(ORGANIZE, collect).json() == {"changed": 4}
    assert stranger.post(ORGANIZE, collect).status_code == 404
    assert found(api, "in:coast") == 4
    inner = api.post(COLLECTIONS, {"name": "Boats", "parent": coast["id"]}).json()
    assert inner["path"] == ["Coast", "Boats"]
    assert api.put(f"{COLLECTIONS}/{inner['id']}", {"name": "Ships"}).json()["path"] == ["Coast", "Ships"]
    assert api.put(f"{COLLECTIONS}/{inner['id']}", {"name": "Ships", "parent": None}).json()["path"] == ["Ships"]
    assert api.put(f"{COLLECTIONS}/{inner['id']}", {"name": "coast"}).status_code == 422
    assert stranger.get(f"{COLLECTIONS}/{coast['id']}").status_code == 404
    assert stranger.get(COLLECTIONS).json() == {"results": []}
    assert [one["name"] for one in api.get(COLLECTIONS).json()["results"]] == ["Coast", "Ships"]
    assert api.post(ORGANIZE, {**collect, "action": "uncollect"}).json() == {"changed": 4}
    assert api.delete(f"{COLLECTIONS}/{coast['id']}").status_code == 204
    assert api.get(f"{COLLECTIONS}/{coast['id']}").status_code == 404


def test_a_search_is_kept(api, stranger):
    kept = api.post(SEARCHES, {"name": "wide", "q": "ratio:16x9"}).json()
    assert kept["q"] == "ar:16:9"
    assert [one["name"] for one in api.get(SEARCHES).json()["results"]] == ["wide"]
    assert api.post(SEARCHES, {"name": "wrong", "q": "modle:x"}).status_code == 422
    assert stranger.delete(f"{SEARCHES}/{kept['id']}").status_code == 404
    assert api.delete(f"{SEARCHES}/{kept['id']}").status_code == 204
