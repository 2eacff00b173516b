"""Pictures that people bring along: what is taken, and what is kept of it."""

from __future__ import annotations

import hashlib
import io
from typing import Final
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from PIL import Image as Pillow
from PIL import ImageOps

from generation.errors import PictureRefusedError, TooManyUploadsError, UploadNotFoundError
from generation.jobs.cards import LARGEST_SIDE_PX
from generation.jobs.fetching import MOST_BYTES
from generation.models import Image, Upload
from mjweb.accounts.models import User
from mjweb.common.saying import say, sayable

MOST_PIXELS: Final = 40_000_000
"""A few kilobytes can unfold to gigabytes; cameras of people stay below this."""
TOO_MANY_PIXELS: Final = sayable("A picture has at most {most} million pixels.")
FORMATS: Final = ("PNG", "JPEG", "WEBP", "GIF")
MASK: Final = "mask"
"""The origin of what was drawn here to say which part of a picture changes. Its owner neither sees nor counts it."""
_PAPER: Final = (255, 255, 255)


def keep_upload(owner: User, content: bytes, *, origin: str = "") -> Upload:
    """Keeps a picture for its owner. Bringing the same one again gives the same row.

    content: a PNG, JPEG, WebP or GIF by its bytes, whatever its name says; of an animation the first picture.
    origin: the address that it came from, if it did; `MASK` of one that was drawn here.

    Effects: writes the upright picture without its metadata, at most `LARGEST_SIDE_PX` long: no plan takes more.

    Raises:
        PictureRefusedError: it is no such picture, or too large.
        TooManyUploadsError: this person keeps as many as one may.
    """
    if len(content) > MOST_BYTES:
        raise _too_many_bytes()
    picture = _read(content)
    png = _encoded(picture)
    sha256 = hashlib.sha256(png).hexdigest()
    if (known := Upload.objects.owned_by(owner).filter(sha256=sha256).first()) is not None:
        return known
    if origin != MASK:
        _refuse_too_many(owner)
    values = {"origin": origin, "width_px": picture.width, "height_px": picture.height, "size_bytes": len(png)}
    upload = Upload(owner=owner, sha256=sha256, **values)
    default_storage.save(upload.original_name, ContentFile(png))
    return Upload.objects.get_or_create(owner=owner, sha256=sha256, defaults=values)[0]


def keep_file(owner: User, file: UploadedFile[bytes]) -> Upload:
    """Keeps a picture of a form, as `keep_upload` does; one that is too large is not read at all.

    Raises:
        PictureRefusedError, TooManyUploadsError.
    """
    if (file.size or 0) > MOST_BYTES:
        raise _too_many_bytes()
    return keep_upload(owner, file.read())


def own_upload(owner: User, upload_id: UUID) -> Upload:
    """The upload, which must be this person's own.

    Raises:
        UploadNotFoundError: it is not.
    """
    upload = Upload.objects.owned_by(owner).filter(pk=upload_id).first()
    if upload is None:
        raise UploadNotFoundError(say("There is no such upload."))
    return upload


def own_uploads(owner: User) -> QuerySet[Upload]:
    """This person's uploads."""
    return Upload.objects.owned_by(owner).exclude(origin=MASK)


def forget_upload(owner: User, upload_id: UUID) -> None:
    """Drops an upload: no job can start from it any more, and finished ones cannot be painted again.

    Effects: its file goes too, unless something else has the same content.

    Raises:
        UploadNotFoundError: there is none of this person.
    """
    upload = own_upload(owner, upload_id)
    upload.delete()
    if not Upload.objects.filter(sha256=upload.sha256).exists() and not _is_made_here(upload):
        default_storage.delete(upload.original_name)


def _too_many_bytes() -> PictureRefusedError:
    sentence = say("A picture has at most {most} MB.", most=MOST_BYTES // 2**20)
    return PictureRefusedError(sentence, max_bytes=MOST_BYTES)


def _is_made_here(upload: Upload) -> bool:
    return Image.everything.filter(sha256=upload.sha256).exists()


def _read(content: bytes) -> Pillow.Image:
    try:
        with Pillow.open(io.BytesIO(content), formats=FORMATS) as opened:
            _refuse_too_large(opened)
            opened.draft("RGB", (LARGEST_SIDE_PX, LARGEST_SIDE_PX))  # a JPEG is then read at a fraction of its size
            return _kept(ImageOps.exif_transpose(opened))
    except PictureRefusedError:
        raise
    except (Pillow.DecompressionBombError, Pillow.DecompressionBombWarning) as error:
        raise PictureRefusedError(_too_many_pixels()) from error
    except Exception as error:  # decoders raise whatever a damaged file leads them to
        raise PictureRefusedError(say("This is no PNG, JPEG, WebP or GIF that can be read.")) from error


def _kept(picture: Pillow.Image) -> Pillow.Image:
    """In plain RGB on white paper, at most as long as plans have a use for."""
    if picture.has_transparency_data:
        layer = picture.convert("RGBA")
        picture = Pillow.new("RGB", layer.size, _PAPER)
        picture.paste(layer, mask=layer.getchannel("A"))
    picture = picture.convert("RGB")
    picture.thumbnail((LARGEST_SIDE_PX, LARGEST_SIDE_PX), Pillow.Resampling.LANCZOS)
    return picture


def _encoded(picture: Pillow.Image) -> bytes:
    """A PNG of the pixels alone: the copy has no profile, place or maker's note to be written along."""
    bare = Pillow.frombytes("RGB", picture.size, picture.tobytes())
    out = io.BytesIO()
    bare.save(out, "PNG", compress_level=1)
    return out.getvalue()


def _refuse_too_many(owner: User) -> None:
    limit = settings.MJWEB_MAX_UPLOADS
    if own_uploads(owner).count() >= limit:
        msg = say("You keep {limit} pictures already, as many as one may. Delete some of them first.", limit=limit)
        raise TooManyUploadsError(msg, limit=limit)


def _refuse_too_large(picture: Pillow.Image) -> None:
    if picture.width * picture.height > MOST_PIXELS:
        raise PictureRefusedError(_too_many_pixels(), max_pixels=MOST_PIXELS)


def _too_many_pixels() -> str:
    return say(TOO_MANY_PIXELS, most=MOST_PIXELS // 10**6)
