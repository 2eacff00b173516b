"""Small pictures of uploads, for the bar."""

import io
from http import HTTPStatus

from django.urls import reverse
from PIL import Image as Pillow

from generation.jobs.uploads import keep_upload
from tests.generation.api.test_uploads import picture


def test_an_upload_is_shown_small_to_its_owner_alone(client, alice, bob):
    upload = keep_upload(alice, picture())
    address = reverse("upload-thumbnail", args=[upload.pk])
    client.force_login(bob)
    assert client.get(address).status_code == HTTPStatus.NOT_FOUND
    client.force_login(alice)
    answer = client.get(address)
    assert answer["Content-Type"] == "image/webp"
    with Pillow.open(io.BytesIO(answer.content)) as small:
        assert (small.format, small.size) == ("WEBP", (40, 20))


def test_a_file_that_is_gone_is_no_upload(client, alice):
    upload = keep_upload(alice, picture())
    upload.sha256 = "f" * 64
    upload.save()
    client.force_login(alice)
    assert client.get(reverse("upload-thumbnail", args=[upload.pk])).status_code == HTTPStatus.NOT_FOUND
