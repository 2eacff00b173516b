"""Pictures that people bring along."""

from __future__ import annotations

import io

import pytest
from django.core.files.storage import default_storage
from PIL import Image as Pillow

from generation.errors import PictureRefusedError, TooManyUploadsError, UploadNotFoundError
from generation.jobs import uploads
from generation.models import Upload

pytestmark = pytest.mark.django_db


def encoded(picture: Pillow.Image, kind: str, **options) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def half_red(width: int = 64, height: int = 32) -> Pillow.Image:
    """Red on the left, blue on the right."""
    picture = Pillow.new("RGB", (width, height), (0, 0, 250))
    picture.paste((250, 0, 0), (0, 0, width // 2, height))
    return picture


def kept(upload: Upload) -> Pillow.Image:
    with default_storage.open(upload.original_name) as file:
        return Pillow.open(io.BytesIO(file.read())).copy()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_every_kind_is_told_by_its_bytes_and_kept_as_a_png(alice, kind):
    upload = uploads.keep_upload(alice, encoded(half_red(), kind))
    picture = kept(upload)
    assert (picture.format or "PNG", picture.size, (upload.width_px, upload.height_px)) == ("PNG", (64, 32), (64, 32))
    assert picture.getpixel((8, 16))[0] > 200 > picture.getpixel((56, 16))[0]


def test_a_picture_is_turned_upright_and_loses_its_metadata(alice):
    exif = Pillow.Exif()
    exif[0x0112] = 6  # the camera was held on its side
    exif[0x010E] = "at home, Elm Street 5"
    content = encoded(half_red(), "JPEG", exif=exif, comment=b"at home")
    assert b"Elm Street" in content
    upload = uploads.keep_upload(alice, content)
    picture = kept(upload)
    assert picture.size == (32, 64)
    assert picture.getpixel((16, 8))[0] > 200
    with default_storage.open(upload.original_name) as file:
        stored = file.read()
    assert b"home" not in stored
    assert not picture.getexif()


def test_what_is_transparent_is_white(alice):
    clear = Pillow.new("RGBA", (16, 16), (0, 0, 0, 0))
    assert kept(uploads.keep_upload(alice, encoded(clear, "PNG"))).getpixel((3, 3)) == (255, 255, 255)


def test_it_is_no_larger_than_any_plan_has_a_use_for(alice):
    upload = uploads.keep_upload(alice, encoded(half_red(5000, 2500), "JPEG"))
    assert (upload.width_px, upload.height_px) == (2048, 1024)


def test_the_same_picture_again_is_the_same_upload_but_another_person_has_their_own(alice, bob):
    content = encoded(half_red(), "PNG")
    first = uploads.keep_upload(alice, content)
    assert uploads.keep_upload(alice, content) == first
    theirs = uploads.keep_upload(bob, content)
    assert (theirs.pk != first.pk, theirs.sha256) == (True, first.sha256)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no PNG"),
        (b"GIF89a, or so it says", "no PNG"),
        (encoded(half_red(), "BMP"), "no PNG"),
        (encoded(half_red(), "PNG")[:-40], "no PNG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no PNG"),
        (b"x" * (10 * 2**20 + 1), "10 MB"),
    ],
)
def test_what_is_no_picture_is_refused_with_a_sentence(alice, content, said):
    with pytest.raises(PictureRefusedError, match=said):
        uploads.keep_upload(alice, content)
    assert not Upload.objects.exists()


@pytest.mark.parametrize("side", [6400, 9600, 20_000])
def test_a_few_kilobytes_that_unfold_to_gigabytes_are_refused_unread(alice, side):
    bomb = encoded(Pillow.new("1", (side, side)), "PNG")
    assert len(bomb) < 2**17
    with pytest.raises(PictureRefusedError, match="40 million"):
        uploads.keep_upload(alice, bomb)


def test_nobody_keeps_more_than_one_may(alice, bob, settings):
    settings.MJWEB_MAX_UPLOADS = 1
    first = uploads.keep_upload(alice, encoded(half_red(), "PNG"))
    assert uploads.keep_upload(alice, encoded(half_red(), "PNG")) == first
    with pytest.raises(TooManyUploadsError):
        uploads.keep_upload(alice, encoded(half_red(32, 32), "PNG"))
    uploads.keep_upload(bob, encoded(half_red(32, 32), "PNG"))


def test_a_deleted_upload_takes_its_file_along_unless_somebody_else_has_it(alice, bob):
    content = encoded(half_red(), "PNG")
    mine, theirs = uploads.keep_upload(alice, content), uploads.keep_upload(bob, content)
    uploads.forget_upload(alice, mine.pk)
    assert default_storage.exists(theirs.original_name)
    uploads.forget_upload(bob, theirs.pk)
    assert not default_storage.exists(theirs.original_name)


def test_an_upload_does_not_exist_for_other_people(alice, bob):
    mine = uploads.keep_upload(alice, encoded(half_red(), "PNG"))
    for ask in (uploads.own_upload, uploads.forget_upload):
        with pytest.raises(UploadNotFoundError):
            ask(bob, mine.pk)
    assert list(uploads.own_uploads(bob)) == []
    assert list(uploads.own_uploads(alice)) == [mine]
