"""The page of one picture, as a browser gets it."""

import uuid

import pytest
from django.urls import reverse

from gallery.models import Publication
from gallery.services.publishing import publish_missed
from generation.jobs import services
from generation.models import Image
from tests.factories import finish, finished_job

PROMPT = 'a red lighthouse & "fog", ink --ar 3:2 --no people'


@pytest.fixture
def image(alice, checkpoint) -> Image:
    return finished_job(alice, PROMPT).images.get(index=2)


def address(image: Image, name: str = "image") -> str:
    return reverse(name, args=[image.pk])


def test_anybody_sees_a_public_picture_with_its_words_and_numbers(client, image):
    text = client.get(address(image)).text
    assert 'alt="a red lighthouse &amp; &quot;fog&quot;, ink"' in text
    assert "<b>people</b>" in text
    assert f"{image.width_px} × {image.height_px} px" in text  # noqa: RUF001 - the sign for sizes
    assert str(image.seed) in text
    assert f"{reverse('create')}?remix={image.pk}" in text


def test_buttons_that_need_an_account_are_shown_to_members_alone(client, bob, image):
    assert address(image, "image-upscale") not in client.get(address(image)).text
    client.force_login(bob)
    text = client.get(address(image)).text
    assert address(image, "image-upscale") in text
    assert address(image, "image-vary") in text
    assert address(image, "image-unpublish") not in text


def test_a_picture_as_large_as_they_get_has_its_button_off_with_the_reason(client, alice, image):
    client.force_login(alice)
    large = finish(services.upscale_image(alice, image.pk)).images.get()
    assert "disabled" not in client.get(address(image)).text
    text = client.get(address(large)).text
    assert 'disabled title="This picture is as large as the model makes them' in text


def test_a_finished_upscale_is_offered_instead_of_a_second_one(client, alice, image):
    client.force_login(alice)
    large = finish(services.upscale_image(alice, image.pk)).images.get()
    text = client.get(address(image)).text
    assert "Show the 2× picture" in text  # noqa: RUF001 - the sign for sizes
    assert address(large) in text


@pytest.mark.parametrize("name", ["image", "image-original"])
def test_a_private_picture_is_for_its_owner_alone(client, alice, bob, checkpoint, name):
    private = finished_job(alice, "a boat --stealth").images.get(index=1)
    assert client.get(address(private, name)).status_code == 404
    client.force_login(bob)
    assert client.get(address(private, name)).status_code == 404
    client.force_login(alice)
    assert client.get(address(private, name)).status_code == 200


def test_a_picture_that_does_not_exist_is_a_page_that_says_so(client, db):
    response = client.get(reverse("image", args=[uuid.uuid4()]))
    assert response.status_code == 404
    assert "There is no such picture" in response.text


def test_its_owner_hides_it_and_shows_it_again(client, alice, image):
    publish_missed()
    client.force_login(alice)
    assert client.post(address(image, "image-unpublish")).url == address(image)
    image.refresh_from_db()
    assert image.visibility == "private"
    assert not Publication.objects.filter(image=image).exists()
    client.post(address(image, "image-publish"))
    image.refresh_from_db()
    assert image.visibility == "public"
    assert Publication.objects.filter(image=image).exists()


def test_nobody_else_hides_it(client, bob, image):
    assert client.post(address(image, "image-unpublish")).url.startswith(reverse("account_login"))
    client.force_login(bob)
    assert client.post(address(image, "image-unpublish")).status_code == 404
    image.refresh_from_db()
    assert image.visibility == "public"


def test_hiding_by_a_link_is_refused(client, alice, image):
    client.force_login(alice)
    assert client.get(address(image, "image-unpublish")).status_code == 405


def test_its_queries_do_not_grow_with_what_was_made_of_it(client, alice, bob, image, django_assert_max_num_queries):
    client.force_login(alice)
    for _ in range(5):
        finish(services.vary_image(bob, image.pk))
    with django_assert_max_num_queries(7):
        assert client.get(address(image)).text.count("Vary, picture 2") == 5
