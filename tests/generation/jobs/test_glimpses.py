"""The few pixels that a tile shows until its picture is there."""

from __future__ import annotations

import base64
import io

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from PIL import Image as Pillow

from generation.jobs.glimpses import glimpse_of, take_glimpses
from generation.models import Image
from tests.factories import finished_job


def opened(glimpse: str) -> Pillow.Image:
    return Pillow.open(io.BytesIO(base64.b64decode(glimpse))).convert("RGB")


def encoded(picture: Pillow.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("size", "small"), [((640, 640), (6, 6)), ((640, 320), (6, 3)), ((100, 4000), (1, 6)), ((1, 1), (6, 6))]
)
def test_it_keeps_the_shape_and_is_short(size, small):
    glimpse = glimpse_of(encoded(Pillow.effect_noise(size, 90).convert("RGB")))
    assert opened(glimpse).size == small
    assert len(glimpse) <= 200


def test_it_shows_where_the_colors_are():
    picture = Pillow.new("RGB", (60, 60), (220, 30, 30))
    picture.paste((20, 40, 210), (0, 30, 60, 60))
    small = opened(glimpse_of(encoded(picture)))
    above, below = small.getpixel((3, 0)), small.getpixel((3, 5))
    assert above[0] > 120 > above[2]
    assert below[2] > 120 > below[0]


def test_older_pictures_get_theirs_and_those_without_a_file_a_gray_one(alice, checkpoint):
    first, second, *_ = finished_job(alice).images.order_by("index")
    default_storage.delete(second.rendition_name(320))
    assert take_glimpses(limit=3) == 3
    assert take_glimpses() == 1
    assert take_glimpses() == 0
    with default_storage.open(first.rendition_name(320)) as file:
        assert Image.objects.get(pk=first.pk).glimpse == glimpse_of(file.read())
    assert opened(Image.objects.get(pk=second.pk).glimpse).size == (1, 1)


def test_a_tile_shows_it_below_the_picture(client, alice, checkpoint):
    finished_job(alice)
    take_glimpses()
    client.force_login(alice)
    assert client.get(reverse("my-images")).text.count("data:image/webp;base64,") == 4
