"""Who gets the bytes of a picture, and with which headers."""

from __future__ import annotations

import io

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from PIL import Image as Pillow

from gallery.services.publishing import unpublish_image
from mjweb.accounts.models import ApiToken
from tests.factories import finished_job

pytestmark = pytest.mark.django_db


@pytest.fixture
def public_image(alice, checkpoint):
    return finished_job(alice).images.get(index=1)


@pytest.fixture
def private_image(alice, checkpoint):
    return finished_job(alice, "a blue boat --stealth").images.get(index=1)


def address(image, side_px=None):
    if side_px is None:
        return reverse("image-original", args=[image.pk])
    return reverse("image-rendition", args=[image.pk, side_px])


def bearer(user):
    return {"Authorization": f"Bearer {ApiToken.issue(owner=user, name='test')}"}


def test_it_serves_a_public_picture_to_anybody_as_png(client, public_image):
    response = client.get(address(public_image))
    assert response.status_code == 200
    assert response["Content-Type"] == "image/png"
    picture = Pillow.open(io.BytesIO(response.content))
    assert (picture.format, picture.width, picture.height) == ("PNG", public_image.width_px, public_image.height_px)


@pytest.mark.parametrize("side_px", [320, 640])
def test_it_serves_renditions_as_webp(client, public_image, side_px):
    response = client.get(address(public_image, side_px))
    assert response["Content-Type"] == "image/webp"
    assert Pillow.open(io.BytesIO(response.content)).format == "WEBP"


@pytest.mark.parametrize("side_px", [0, 319, 10_000])
def test_it_has_no_other_sizes(client, public_image, side_px):
    assert client.get(address(public_image, side_px)).status_code == 404


@pytest.mark.parametrize("side_px", [None, 320])
def test_it_hides_a_private_picture_from_everybody_else(client, private_image, bob, side_px):
    assert client.get(address(private_image, side_px)).status_code == 404
    client.force_login(bob)
    assert client.get(address(private_image, side_px)).status_code == 404


def test_it_hides_a_private_picture_even_from_whoever_knows_its_etag(client, private_image):
    response = client.get(address(private_image), headers={"If-None-Match": f'"{private_image.sha256}"'})
    assert response.status_code == 404


def test_it_serves_a_private_picture_to_its_owner(client, private_image, alice):
    client.force_login(alice)
    assert client.get(address(private_image)).status_code == 200


def test_it_serves_a_private_picture_to_its_owners_token_only(client, private_image, alice, bob):
    assert client.get(address(private_image), headers=bearer(alice)).status_code == 200
    assert client.get(address(private_image), headers=bearer(bob)).status_code == 404


def test_it_refuses_a_token_that_is_not_ours(client, public_image):
    response = client.get(address(public_image), headers={"Authorization": "Bearer mjw_wrong"})
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Bearer"
    assert response.json()["code"] == "not_authenticated"


def test_it_hides_a_picture_as_soon_as_it_is_made_private(client, public_image, alice):
    unpublish_image(alice, public_image.pk)
    assert client.get(address(public_image)).status_code == 404


def test_it_answers_304_for_what_the_browser_has(client, public_image):
    etag = client.get(address(public_image, 320))["ETag"]
    assert etag == f'"{public_image.sha256}-320"'
    response = client.get(address(public_image, 320), headers={"If-None-Match": etag})
    assert (response.status_code, response.content, response["ETag"]) == (304, b"", etag)


def test_it_lets_browsers_ask_again_for_private_pictures(client, private_image, public_image, alice):
    client.force_login(alice)
    assert client.get(address(private_image))["Cache-Control"] == "private, no-cache"
    assert client.get(address(public_image))["Cache-Control"] == "private, max-age=3600"


def test_it_says_on_whom_the_answer_depends(client, public_image):
    assert {"Cookie", "Authorization"} <= set(client.get(address(public_image))["Vary"].split(", "))


def test_it_keeps_browsers_from_guessing_and_other_sites_from_embedding(client, public_image):
    response = client.get(address(public_image))
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"


def test_it_names_the_file_after_the_words(client, alice, checkpoint):
    image = finished_job(alice, 'a "red" boat/../x\t--ar 3:2 --seed 7').images.get(index=2)
    disposition = client.get(address(image))["Content-Disposition"]
    assert disposition == 'inline; filename="a-red-boatx-8-2.png"'


def test_it_names_the_file_even_without_latin_words(client, alice, checkpoint):
    image = finished_job(alice, "赤い灯台 --seed 7").images.get(index=1)
    assert client.get(address(image))["Content-Disposition"] == 'inline; filename="picture-7-1.png"'


def test_it_offers_the_picture_as_a_download(client, public_image):
    assert client.get(address(public_image) + "?download")["Content-Disposition"].startswith("attachment; filename=")


def test_it_answers_404_when_the_file_is_gone(client, public_image):
    default_storage.delete(public_image.original_name)
    assert client.get(address(public_image)).status_code == 404


def test_it_answers_head_without_a_body_and_refuses_post(client, public_image):
    head = client.head(address(public_image))
    assert (head.status_code, head.content) == (200, b"")
    assert client.post(address(public_image)).status_code == 405
