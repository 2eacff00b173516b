"""The page of one picture, as a browser gets it."""

import uuid

import pytest
from django.urls import reverse

from gallery.models import Publication
from gallery.services.publishing import publish_missed
from generation.jobs import services
from generation.jobs.organizing import trash_images
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
    assert "as large as the model makes them" not in client.get(address(image)).text
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
    assert not Publication.objects.listed_for(alice).filter(image=image).exists()
    client.post(address(image, "image-publish"))
    image.refresh_from_db()
    assert image.visibility == "public"
    assert Publication.objects.listed_for(alice).filter(image=image).exists()


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
    with django_assert_max_num_queries(15):
        assert client.get(address(image)).text.count("Vary strong, picture 2") == 5


def test_over_a_feed_it_is_the_view_alone(client, alice, image):
    client.force_login(alice)
    answer = client.get(address(image), headers={"HX-Request": "true"})
    assert "<html" not in answer.text
    assert "<h1" not in answer.text
    assert 'data-title="a red lighthouse &amp; &quot;fog&quot;, ink · mjweb"' in answer.text
    assert "HX-Request" in answer["Vary"]
    assert "no-store" in answer["Cache-Control"]


def test_every_action_has_its_button_and_what_cannot_be_says_why(client, alice, image):
    client.force_login(alice)
    text = client.get(address(image)).text
    for name in ("upscale", "vary", "zoom", "pan", "square", "blend", "describe"):
        assert address(image, f"image-{name}") in text
    for name in ("job-reroll", "job-rerun"):
        assert reverse(name, args=[image.job_id]) in text
    assert 'value="creative" title="320 × 192 px. Paints new detail"' in text  # noqa: RUF001 - the sign for sizes
    assert "4 times its size would be 640 px" in text


def test_a_guest_rerolls_no_grid_of_somebody_else(client, bob, image):
    client.force_login(bob)
    assert reverse("job-reroll", args=[image.job_id]) not in client.get(address(image)).text


def test_an_upscale_can_be_compared_with_what_it_was(client, alice, image):
    client.force_login(alice)
    assert "data-compares" not in client.get(address(image)).text
    large = finish(services.upscale_image(alice, image.pk)).images.get()
    text = client.get(address(large)).text
    assert "data-compares" in text
    assert f'src="{address(image, "image-original")}" ' in text


def test_only_a_tile_can_be_shown_as_tiles(client, alice, image):
    assert "data-tiles" not in client.get(address(image)).text
    tile = finished_job(alice, "a boat --tile").images.get(index=1)
    assert "data-tiles" in client.get(address(tile)).text


def test_what_the_picture_gives_to_the_next_prompt_is_a_link(client, image):
    text = client.get(address(image)).text
    create = reverse("create")
    assert f"{create}?image={image.pk}&amp;role=prompt" in text
    assert f"{create}?image={image.pk}&amp;role=style" in text
    assert f"--seed%20{image.seed}" in text
    assert f"{create}?prompt=a%20red%20lighthouse%20%26" in text


def test_one_in_the_trash_is_its_owners_to_restore(client, alice, bob, image):
    trash_images(alice, [image.pk])
    client.force_login(bob)
    assert client.get(address(image)).status_code == 404
    client.force_login(alice)
    text = client.get(address(image)).text
    assert address(image, "image-restore") in text
    assert address(image, "image-upscale") not in text
    sibling = image.job.images.get(index=1)
    assert address(image) not in client.get(address(sibling)).text


def test_it_says_what_it_was_made_with(client, alice, image):
    image.job.made_with = {"device": "cpu", "precision": "float32", "torch": "2.13.0"}
    image.job.notes = [{"code": "noted", "sentence": "Something to know."}]
    image.job.save()
    assert "cpu, float32, torch 2.13.0" in client.get(address(image)).text
    assert "Something to know." not in client.get(address(image)).text
    client.force_login(alice)
    assert "Something to know." in client.get(address(image)).text
