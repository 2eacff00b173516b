"""Removing files that nothing names, while others may be writing the same content."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from mjweb.common.storage import ContentAddressedStorage

NAME = "ab/abc.png"


@pytest.fixture
def storage(tmp_path):
    storage = ContentAddressedStorage(location=str(tmp_path))
    storage.save(NAME, ContentFile(b"content"))
    _age(storage)
    return storage


def _age(storage: ContentAddressedStorage) -> None:
    os.utime(storage.path(NAME), (time.time() - 7200,) * 2)


def names(storage: ContentAddressedStorage) -> list[str]:
    return sorted(path.name for path in Path(storage.path("ab")).iterdir())


def test_an_old_file_goes_and_leaves_nothing(storage):
    assert storage.delete_unused(NAME, since_s=3600)
    assert names(storage) == []
    assert not storage.delete_unused(NAME, since_s=3600)


def test_whoever_saves_it_again_keeps_it(storage):
    storage.save(NAME, ContentFile(b"content"))
    assert not storage.delete_unused(NAME, since_s=3600)
    assert names(storage) == ["abc.png"]


def test_it_is_written_anew_while_it_is_put_aside(storage, monkeypatch):
    """Between looking and removing somebody saves the same content: they find no file and write one."""
    real = Path.stat

    def stat(path, **options):
        if path.name.startswith(".gone-"):
            monkeypatch.undo()
            storage.save(NAME, ContentFile(b"content"))
        return real(path, **options)

    monkeypatch.setattr(Path, "stat", stat)
    assert storage.delete_unused(NAME, since_s=3600)
    assert names(storage) == ["abc.png"]
