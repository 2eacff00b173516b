"""Masks that people draw over a picture: white is painted anew, black is kept."""

from __future__ import annotations

import io
from typing import Final
from uuid import UUID

from django.core.files.storage import default_storage
from PIL import Image as Pillow

from generation.errors import ActionNotPossibleError, PictureGoneError, PictureRefusedError
from generation.jobs.fetching import MOST_BYTES
from generation.jobs.uploads import FORMATS, MASK, keep_upload, own_upload
from generation.models import Image, Upload
from mjweb.accounts.models import User
from mjweb.common.saying import say, sayable

MARKED: Final = 128
"""Levels from here on count as marked, as the engine counts them."""
NOTHING_MARKED: Final = sayable("The mask marks nothing. Paint over the part of the picture that is to change.")
ALL_MARKED: Final = sayable("The mask covers the whole picture. Leave a part of it, or imagine a new one.")


def keep_mask(owner: User, image: Image, mask: bytes | UUID) -> Upload:
    """The mask of a picture, stored so that its job can be painted again.

    mask: a picture of the same size, or the id of an own upload that is one.

    Raises:
        PictureRefusedError: it is no picture, too large, or of another size.
        ActionNotPossibleError: it marks nothing, or everything.
        UploadNotFoundError, PictureGoneError: there is no such upload.
    """
    upload = None
    if isinstance(mask, UUID):
        upload = own_upload(owner, mask)
        mask = _content(upload)
    levels = _levels(mask, image)
    marked = sum(levels.histogram()[MARKED:])
    if not marked:
        raise ActionNotPossibleError(say(NOTHING_MARKED))
    if marked == image.width_px * image.height_px:
        raise ActionNotPossibleError(say(ALL_MARKED))
    return upload or keep_upload(owner, _png(levels), origin=MASK)


def _content(upload: Upload) -> bytes:
    try:
        with default_storage.open(upload.original_name) as file:
            return bytes(file.read())
    except FileNotFoundError as error:
        raise PictureGoneError(say("The file of this mask is gone. Upload it again.")) from error


def _levels(content: bytes, image: Image) -> Pillow.Image:
    """The mask in gray; what is transparent is kept. Its size is looked at before it is unfolded."""
    if len(content) > MOST_BYTES:
        raise PictureRefusedError(say("A mask has at most {most} MB.", most=MOST_BYTES // 2**20), max_bytes=MOST_BYTES)
    try:
        with Pillow.open(io.BytesIO(content), formats=FORMATS) as opened:
            _refuse_other_size(opened, image)
            return _on_black(opened)
    except PictureRefusedError:
        raise
    except Exception as error:  # decoders raise whatever a damaged file leads them to
        raise PictureRefusedError(say("The mask is no PNG, JPEG, WebP or GIF that can be read.")) from error


def _refuse_other_size(mask: Pillow.Image, image: Image) -> None:
    if mask.size != (image.width_px, image.height_px):
        width_px, height_px = mask.size
        raise PictureRefusedError(
            say(
                "The mask is of {width} x {height} px, but the picture of {picture_width} x {picture_height} px.",
                width=width_px,
                height=height_px,
                picture_width=image.width_px,
                picture_height=image.height_px,
            )
        )


def _on_black(mask: Pillow.Image) -> Pillow.Image:
    if not mask.has_transparency_data:
        return mask.convert("L")
    layer = mask.convert("RGBA")
    flat = Pillow.new("RGB", layer.size)
    flat.paste(layer, mask=layer.getchannel("A"))
    return flat.convert("L")


def _png(levels: Pillow.Image) -> bytes:
    out = io.BytesIO()
    levels.save(out, "PNG")
    return out.getvalue()
