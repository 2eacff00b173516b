"""What a tile shows until its picture is there: the picture on a few pixels, small enough to stand in the page."""

from __future__ import annotations

import base64
import io
from typing import Final

from django.core.files.storage import default_storage
from PIL import Image as Pillow
from PIL import UnidentifiedImageError

from generation.models import Image
from generation.models.image import RENDITION_SIDES_PX

SIDE_PX: Final = 6
QUALITY: Final = 40
GRAY: Final = (96, 96, 96)


def glimpse_of(content: bytes) -> str:
    """A WebP of six pixels at most on its long side, in base64: about 100 characters. Browsers draw it softly.

    content: the picture's file, in any form; the smallest is the quickest.
    """
    with Pillow.open(io.BytesIO(content)) as opened:
        small = opened.convert("RGB")
    scale = SIDE_PX / max(small.size)
    size = (max(1, round(small.width * scale)), max(1, round(small.height * scale)))
    return _written(small.resize(size, Pillow.Resampling.BOX))


def take_glimpses(*, limit: int = 200) -> int:
    """Fills in those of pictures that were made before there were any, newest first; safe to repeat.

    One whose file is gone gets an even gray. Returns how many there were.
    """
    images = list(Image.everything.filter(glimpse="").only("sha256").order_by("-pk")[:limit])
    for image in images:
        image.glimpse = _glimpse_of_stored(image)
    Image.everything.bulk_update(images, ["glimpse"])
    return len(images)


def _glimpse_of_stored(image: Image) -> str:
    try:
        with default_storage.open(image.rendition_name(min(RENDITION_SIDES_PX))) as file:
            return glimpse_of(file.read())
    except (FileNotFoundError, UnidentifiedImageError):
        return _written(Pillow.new("RGB", (1, 1), GRAY))


def _written(picture: Pillow.Image) -> str:
    buffer = io.BytesIO()
    picture.save(buffer, "WEBP", quality=QUALITY, method=4)
    return base64.b64encode(buffer.getvalue()).decode()
