"""The picture that others shall be similar to, as an address names it."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from gallery.search._conditions import Viewer
from generation.errors import ImageNotFoundError, UploadNotFoundError
from generation.jobs.uploads import own_upload
from generation.models import Image, Upload
from mjweb.common.errors import InvalidInputError

UPLOAD: Final = "upload:"


def similar_picture(viewer: Viewer, named: str) -> Image | Upload | None:
    """The picture of this name: the id of one of this server, or `upload:` and that of one's own; None of no name.

    Raises:
        ImageNotFoundError, UploadNotFoundError: there is none, or not for this person.
        InvalidInputError: it is no id.
    """
    if not named:
        return None
    try:
        key = UUID(named.removeprefix(UPLOAD))
    except ValueError as error:
        raise InvalidInputError(_("The address of the picture is damaged."), parameter="similar") from error
    if not named.startswith(UPLOAD):
        return _visible_image(viewer, key)
    if not viewer.is_authenticated:
        raise UploadNotFoundError(_("There is no such upload."))
    return own_upload(viewer, key)


def _visible_image(viewer: Viewer, key: UUID) -> Image:
    image = Image.objects.visible_to(viewer).select_related("job").filter(pk=key).first()
    if image is None:
        raise ImageNotFoundError(_("There is no such picture, or its owner keeps it private."))
    return image
