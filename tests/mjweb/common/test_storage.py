"""Files named by their content: whole or absent."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile

from mjweb.common.storage import ContentAddressedStorage


@pytest.fixture
def storage(tmp_path) -> ContentAddressedStorage:
    return ContentAddressedStorage(location=tmp_path)


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_file_lies_under_its_own_name_and_reads_back(storage, tmp_path):
    assert storage.save("ab/cd.png", ContentFile(b"picture")) == "ab/cd.png"
    with storage.open("ab/cd.png") as file:
        assert file.read() == b"picture"
    assert files(tmp_path) == ["ab/cd.png"]


def test_writing_one_twice_keeps_the_first_and_makes_no_second(storage, tmp_path):
    storage.save("ab/cd.png", ContentFile(b"picture"))
    before = (tmp_path / "ab/cd.png").stat().st_ino
    assert storage.save("ab/cd.png", ContentFile(b"picture")) == "ab/cd.png"
    assert (tmp_path / "ab/cd.png").stat().st_ino == before
    assert files(tmp_path) == ["ab/cd.png"]


def test_a_write_that_breaks_off_leaves_nothing(storage, tmp_path):
    class Breaking(ContentFile):
        def chunks(self, *_):
            yield b"half"
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        storage.save("ab/cd.png", Breaking(b"whole"))
    assert files(tmp_path) == []


def test_a_name_that_leads_outside_is_refused(storage):
    with pytest.raises(SuspiciousFileOperation):
        storage.save("../outside.png", ContentFile(b"x"))
