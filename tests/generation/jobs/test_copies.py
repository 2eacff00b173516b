"""Pictures as files to keep."""

from __future__ import annotations

import io

import numpy as np
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import ExifTags, PngImagePlugin
from PIL import Image as Pillow

from generation.errors import ImageNotFoundError
from generation.jobs.copies import COPY_FORMATS, copy_of
from generation.models import Image
from tests.factories import finished_job

TOLD = "a sea of glass, 海\nSteps: 25, Seed: 9"


@pytest.fixture
def image(alice, checkpoint) -> Image:
    """One whose file says how it was made."""
    image = finished_job(alice).images.get(index=1)
    with default_storage.open(image.original_name) as file:
        picture = Pillow.open(io.BytesIO(file.read()))
    told = PngImagePlugin.PngInfo()
    told.add_text("parameters", TOLD)
    told.add_text("mjweb", "{}")
    out = io.BytesIO()
    picture.save(out, "PNG", pnginfo=told)
    default_storage.delete(image.original_name)
    default_storage.save(image.original_name, ContentFile(out.getvalue()))
    return image


def opened(content: bytes) -> Pillow.Image:
    picture = Pillow.open(io.BytesIO(content))
    picture.load()
    return picture


def comment(picture: Pillow.Image) -> str:
    written = picture.getexif().get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.UserComment, b"")
    return written.removeprefix(b"UNICODE\0").decode("utf-16-be")


@pytest.mark.parametrize("metadata", [True, False])
@pytest.mark.parametrize("form", COPY_FORMATS)
def test_a_copy_has_its_format_and_the_picture(image, form, metadata):
    copy = opened(copy_of(image, form, metadata=metadata))
    original = opened(copy_of(image, "png", metadata=True))
    assert (copy.format.lower(), copy.size) == (form, (image.width_px, image.height_px))
    far = np.abs(np.asarray(copy.convert("RGB"), dtype=int) - np.asarray(original.convert("RGB"), dtype=int))
    assert far.mean() <= (0 if form == "png" else 3)


def test_it_says_how_it_was_made_only_where_that_is_wanted(image):
    assert opened(copy_of(image, "png", metadata=True)).info["parameters"] == TOLD
    assert opened(copy_of(image, "png", metadata=False)).info.keys() & {"parameters", "mjweb", "exif"} == set()
    for form in ("webp", "jpeg"):
        assert comment(opened(copy_of(image, form, metadata=True))) == TOLD
        bare = copy_of(image, form, metadata=False)
        assert comment(opened(bare)) == ""
        assert b"Steps" not in bare


def test_a_file_that_is_gone_is_not_found(image):
    default_storage.delete(image.original_name)
    with pytest.raises(ImageNotFoundError):
        copy_of(image, "jpeg", metadata=True)
