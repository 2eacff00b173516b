"""A picture as a file to keep: in the format that somebody wants, with or without how it was made."""

from __future__ import annotations

import io
from typing import Final, Literal

from django.core.files.storage import default_storage
from PIL import ExifTags, PngImagePlugin
from PIL import Image as Pillow

from generation.errors import ImageNotFoundError
from generation.models import Image
from mjweb.common.saying import say

CopyFormat = Literal["png", "webp", "jpeg"]
COPY_FORMATS: Final[tuple[CopyFormat, ...]] = ("png", "webp", "jpeg")
QUALITY: Final = {"webp": 92, "jpeg": 95}
PARAMETERS: Final = "parameters"
"""The chunk of our PNG files that other tools read."""
PNG_HEAD: Final = 8
TELLING: Final = frozenset({b"tEXt", b"zTXt", b"iTXt", b"eXIf"})
UNICODE: Final = b"UNICODE\x00"
"""How a comment in Exif says its encoding; the letters are UTF-16, big end first, as these tools write and read it."""


def copy_of(image: Image, form: CopyFormat, *, metadata: bool) -> bytes:
    """The picture as a PNG (lossless), WebP or JPEG.

    metadata: whether the file says how it was made: a PNG in its text chunks, the others in the comment of their Exif.

    Raises:
        ImageNotFoundError: its file is gone.
    """
    original = _original(image)
    if form == "png" and metadata:
        return original
    with Pillow.open(io.BytesIO(original), formats=("PNG",)) as opened:
        told = opened.info.get(PARAMETERS, "") if isinstance(opened, PngImagePlugin.PngImageFile) else ""
        pixels = opened.convert("RGB")
    return _encoded(pixels, form, str(told) if metadata else "")


def without_text(png: bytes) -> bytes:
    """The same PNG, to the bit of its pixels, without the chunks in which files tell something of themselves."""
    kept, at = [png[:PNG_HEAD]], PNG_HEAD
    while at < len(png):
        length, kind = int.from_bytes(png[at : at + 4]), png[at + 4 : at + 8]
        end = at + 12 + length
        if kind not in TELLING:
            kept.append(png[at:end])
        at = end
    return b"".join(kept)


def _original(image: Image) -> bytes:
    try:
        with default_storage.open(image.original_name) as file:
            return bytes(file.read())
    except FileNotFoundError as error:
        raise ImageNotFoundError(say("There is no such picture.")) from error


def _encoded(pixels: Pillow.Image, form: CopyFormat, told: str) -> bytes:
    """The pixels alone, and what is told of them where something is."""
    bare = Pillow.frombytes("RGB", pixels.size, pixels.tobytes())
    out = io.BytesIO()
    if form == "png":
        bare.save(out, "PNG", compress_level=6)
    else:
        exif = {"exif": _comment(told)} if told else {}
        bare.save(out, form.upper(), quality=QUALITY[form], **exif)
    return out.getvalue()


def _comment(told: str) -> bytes:
    """Exif with the text as its user comment."""
    exif = Pillow.Exif()
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.UserComment] = UNICODE + told.encode("utf-16-be")
    return exif.tobytes()
