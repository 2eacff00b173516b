"""Static files as production serves them, and compressed answers."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.http import FileResponse, HttpResponse
from django.test import Client, override_settings
from django.urls import reverse

from mjweb.common import statics
from mjweb.common.statics import CompressingMiddleware

pytestmark = pytest.mark.django_db

HASHED = re.compile(r"\.[0-9a-f]{12}\.\w+$")
BROUGHT = re.compile(r"""(?:from\s*|import\s*\(?)["']([./][^"']+)["']|url\(["']?([^"')#:]+)["']?\)""")
GZIP = {"Accept-Encoding": "gzip"}


@pytest.fixture
def collected(tmp_path: Path) -> Iterator[Path]:
    """What `collectstatic` leaves in production, but for two large packages."""
    storages = {
        "default": {"BACKEND": "mjweb.common.storage.ContentAddressedStorage"},
        "staticfiles": {"BACKEND": "mjweb.common.statics.HashedFiles", "OPTIONS": {"location": tmp_path}},
    }
    with override_settings(STORAGES=storages, STATIC_ROOT=tmp_path):
        call_command("collectstatic", interactive=False, verbosity=0, ignore=["admin", "drf_spectacular_sidecar"])
        yield tmp_path


def brought(root: Path, address: str) -> set[Path]:
    """The file of an address, and every file that it brings along."""
    files, todo = set(), [root / address.removeprefix("/static/")]
    while todo:
        file = todo.pop()
        if file in files or file.parent.name == "django_htmx":
            continue
        files.add(file)
        if file.suffix in {".js", ".css"}:
            todo += [(file.parent / "".join(names)).resolve() for names in BROUGHT.findall(file.read_text())]
    return files


def test_every_file_of_a_page_has_a_name_that_tells_its_content(collected, alice, checkpoint):
    member = Client()
    member.force_login(alice)
    page = member.get(reverse("create")).text
    linked = set(re.findall(r'(?:href|src)="(/static/[^"#]+)', page))
    files = {file for address in linked for file in brought(collected, address)}
    assert {"shell", "live", "imagine", "words"} <= {file.name.partition(".")[0] for file in files}
    assert [str(file) for file in files if not HASHED.search(file.name) or not file.exists()] == []
    assert all(file.with_name(f"{file.name}.gz").exists() for file in files if file.name.startswith(("shell", "live")))


def test_a_page_and_its_scripts_travel_compressed(client):
    page = client.get(reverse("explore"), headers=GZIP)
    assert page["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in page["Vary"]
    assert b"<!doctype html>" in gzip.decompress(page.content)
    script = client.get("/static/js/shell.js", headers=GZIP)
    assert script["Content-Encoding"] == "gzip"
    assert b"export function say" in gzip.decompress(b"".join(script.streaming_content))
    again = client.get("/static/js/shell.js", headers={**GZIP, "If-None-Match": script["ETag"]})
    assert (again.status_code, b"".join(again.streaming_content)) == (304, b"")


def test_all_styles_are_one_answer_that_is_kept_until_they_change(client, monkeypatch, tmp_path):
    address = re.search(r'<link rel="stylesheet" href="([^"]+)"', client.get(reverse("explore")).text)
    assert address
    answer = client.get(address[1])
    assert answer["Content-Type"].startswith("text/css")
    assert "immutable" in answer["Cache-Control"]
    assert "@import" not in answer.text
    assert ".imagine__row" in answer.text
    assert client.get(reverse("sheet"), {"v": "older"})["Cache-Control"] == "no-cache"
    (tmp_path / "part.css").write_text(".part { color: red }")
    (tmp_path / "site.css").write_text('@layer one;\n@import url("part.css");\n')
    monkeypatch.setattr(statics, "STYLES", tmp_path / "site.css")
    assert statics.one_sheet()[0] == "@layer one;\n.part { color: red }\n"
    assert address[1] != statics.sheet_address()


@pytest.mark.parametrize("kind", ["image/png", "application/zip", "image/webp"])
def test_pictures_and_archives_are_left_as_they_are(rf, kind, tmp_path):
    file = tmp_path / "file"
    file.write_bytes(bytes(1000))
    request = rf.get("/", headers=GZIP)
    answers = (
        HttpResponse(bytes(1000), content_type=kind),
        FileResponse(file.open("rb"), content_type=kind),
    )
    for answer in answers:
        assert not CompressingMiddleware(lambda _, given=answer: given)(request).has_header("Content-Encoding")
        answer.close()
