"""Small pictures of what people brought along, for the imagine bar. Only their owners see them."""

from __future__ import annotations

import io
from typing import Final
from uuid import UUID

from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from PIL import Image as Pillow

from generation.errors import UploadNotFoundError
from generation.jobs.uploads import own_upload
from generation.models import Upload
from mjweb.accounts.people import person
from mjweb.common.access import member
from mjweb.common.saying import say

SIDE_PX: Final = 160
CACHE: Final = "private, max-age=86400, immutable"
"""An upload never changes."""


@member
@require_safe
def thumbnail(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """A WebP of an upload."""
    response = HttpResponse(_small(own_upload(person(request), upload_id)), content_type="image/webp")
    response["Cache-Control"] = CACHE
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _small(upload: Upload) -> bytes:
    out = io.BytesIO()
    try:
        with default_storage.open(upload.original_name) as file, Pillow.open(file, formats=["PNG"]) as picture:
            picture.thumbnail((SIDE_PX, SIDE_PX))
            picture.save(out, "WEBP", quality=80)
    except FileNotFoundError as error:
        raise UploadNotFoundError(say("There is no such upload.")) from error
    return out.getvalue()
