"""The pictures that a prompt names: own or public ones of this server, uploads, and addresses elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings

from generation.errors import ImageNotFoundError, PictureRefusedError
from generation.jobs.fetching import WITHIN_S, Deadline, fetch
from generation.jobs.uploads import keep_upload, own_upload
from generation.models import Image, JobSource, SourceRole, Upload
from mjweb.accounts.models import User
from mjweb.common.saying import say

_UUID: Final = r"([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})"
_REFERENCE: Final = re.compile(rf"(image|upload):{_UUID}")
_OWN_PAGE: Final = re.compile(rf"/(?:media|images)/{_UUID}(?:-\d+\.webp|\.png|/)?")
"""Where a picture of this server is shown, as people copy it from their browser."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that somebody may use: exactly one of the two."""

    image: Image | None = None
    upload: Upload | None = None

    @property
    def ratio(self) -> float:
        """Width to height."""
        found = self.image or self.upload
        assert found is not None  # noqa: S101 -- it is one of the two
        return found.width_px / found.height_px

    def as_source(self, position: int, role: SourceRole) -> JobSource:
        """The row of a job that needs it; not saved yet."""
        return JobSource(position=position, role=role, image=self.image, upload=self.upload)


def find_pictures(owner: User, references: Iterable[str]) -> dict[str, Picture]:
    """What each reference names, each looked up once.

    Effects: what lies elsewhere is fetched and kept as an upload of this person, all of it within `WITHIN_S`.

    Raises:
        ImageNotFoundError, UploadNotFoundError: there is none, or not for this person.
        PictureRefusedError: what lies at an address is no picture, or may not be fetched.
        TooManyUploadsError: this person keeps as many pictures as one may.
    """
    deadline = Deadline.within(WITHIN_S)
    return {reference: _find(owner, reference, deadline) for reference in dict.fromkeys(references)}


def is_elsewhere(reference: str) -> bool:
    """Whether the server would have to fetch it."""
    return _here(reference) is None


def _find(owner: User, reference: str, deadline: Deadline) -> Picture:
    if (here := _here(reference)) is not None:
        kind, key = here
        return Picture(upload=own_upload(owner, key)) if kind == "upload" else Picture(image=_visible(owner, key))
    if not settings.MJWEB_FETCH_URLS:
        raise PictureRefusedError(say("This server fetches no pictures from elsewhere. Upload the picture instead."))
    return Picture(upload=keep_upload(owner, fetch(reference, deadline), origin=reference[:2000]))


def _here(reference: str) -> tuple[str, UUID] | None:
    """The kind and key of a picture of this server; None for one elsewhere."""
    if match := _REFERENCE.fullmatch(reference):
        return match[1], UUID(match[2])
    parts = urlsplit(reference)
    page = _OWN_PAGE.fullmatch(parts.path) if parts.hostname in settings.ALLOWED_HOSTS else None
    return ("image", UUID(page[1])) if page else None


def _visible(owner: User, key: UUID) -> Image:
    image = Image.objects.visible_to(owner).filter(pk=key).first()
    if image is None:
        raise ImageNotFoundError(say("There is no such picture."))
    return image
