"""Where files live when they live on this machine."""

from __future__ import annotations

import os
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from django.utils.deconstruct import deconstructible


@deconstructible(path="mjweb.common.storage.ContentAddressedStorage")
class ContentAddressedStorage(FileSystemStorage):
    """Files named by their content: whole or absent, never half written, writing one twice is harmless.

    A file is written beside its place, flushed to the disk and renamed; a crash leaves at most a stray
    temporary file. Whoever saves a file that is there already touches it, so that `delete_unused` knows that a row is
    about to name it.
    """

    def get_available_name(self, name: str, max_length: int | None = None) -> str:  # noqa: ARG002 - Django's signature
        """The name itself: the same name means the same content."""
        return name

    def _save(self, name: str, content: File[bytes]) -> str:
        target = Path(self.path(name))
        if _touched(target):
            return name
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".part-", delete=False) as part:
            try:
                for chunk in content.chunks():
                    part.write(chunk)
                part.flush()
                os.fsync(part.fileno())
                Path(part.name).chmod(0o644)
                Path(part.name).rename(target)
            except BaseException:
                Path(part.name).unlink(missing_ok=True)
                raise
        return name

    def delete_unused(self, name: str, *, since_s: float) -> bool:
        """Removes a file that no row names, unless somebody saved it in the last `since_s` seconds: then a row will.

        It is put aside first and looked at there, so that whoever saves the same content in between either touched it
        before, and it comes back, or finds no file and writes it anew. False when it stays, or is not there.
        """
        target = Path(self.path(name))
        aside = target.with_name(f".gone-{target.name}")
        try:
            target.rename(aside)
        except FileNotFoundError:
            return False
        if time.time() - aside.stat().st_mtime < since_s:
            _put_back(aside, target)
            return False
        aside.unlink(missing_ok=True)
        return True


def _touched(file: Path) -> bool:
    """Whether it is there; its age begins anew."""
    try:
        os.utime(file)
    except FileNotFoundError:
        return False
    return True


def _put_back(aside: Path, target: Path) -> None:
    """Unless it was written anew meanwhile: the content is the same."""
    with suppress(FileExistsError):
        target.hardlink_to(aside)
    aside.unlink(missing_ok=True)
