"""The public gallery, as a browser gets it."""

import re

import pytest
from django.urls import reverse

from gallery.models import Publication
from gallery.services.publishing import publish_missed
from generation.jobs.organizing import like_images
from tests.factories import finished_job

HTMX = {"HX-Request": "true"}


@pytest.fixture
def jobs(alice, checkpoint):
    made = [finished_job(alice, "a red lighthouse, ink --ar 3:2")]
    publish_missed()
    return made


def tiles(response) -> list[str]:
    return re.findall(r'<article class="tile" data-ar="\d+" id="image-([0-9a-f-]+)"', response.text)


def tile_of(text: str, image) -> str:
    return re.search(rf'<article[^>]*id="image-{image.pk}".*?</article>', text, re.DOTALL)[0]


def test_it_works_without_an_account(client, jobs):
    response = client.get(reverse("explore"))
    assert set(tiles(response)) == {str(image.pk) for image in jobs[0].images.all()}
    assert 'alt="a red lighthouse, ink"' in response.text
    assert "alice" in response.text


def test_an_empty_gallery_says_what_belongs_there(client, db):
    response = client.get(reverse("explore"))
    assert "Nothing here yet" in response.text
    assert reverse("create") in response.text


def test_htmx_gets_only_the_next_tiles_and_the_link_after_them(client, alice, checkpoint):
    for _ in range(11):
        finished_job(alice)
    publish_missed()
    first = client.get(reverse("explore"))
    address = re.search(r'href="(\?cursor=[^"]+)"', first.text)[1]
    second = client.get(reverse("explore") + address, headers=HTMX)
    assert (len(tiles(first)), len(tiles(second))) == (40, 4)
    assert not set(tiles(first)) & set(tiles(second))
    assert "<html" not in second.text
    assert 'hx-swap-oob="true"' in second.text
    assert "?cursor=" not in second.text


def test_a_feed_costs_as_many_queries_with_forty_tiles_as_with_four(client, alice, jobs, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert len(tiles(client.get(reverse("explore")))) == 4
    for _ in range(9):
        finished_job(alice)
    publish_missed()
    with django_assert_num_queries(1):
        assert len(tiles(client.get(reverse("explore")))) == 40


def test_a_damaged_cursor_answers_with_a_sentence(client, db):
    response = client.get(reverse("explore"), {"cursor": "nonsense"})
    assert response.status_code == 422
    assert "This page link is damaged" in response.text


def test_a_person_has_a_page_of_public_pictures(client, jobs):
    assert len(tiles(client.get(reverse("people", args=["ALICE"])))) == 4
    assert client.get(reverse("people", args=["nobody"])).status_code == 404


def test_the_sign_in_page_shows_public_pictures_only(client, alice, jobs):
    private = finished_job(alice, "a boat --stealth").images.get(index=1)
    text = client.get(reverse("account_login")).text
    assert reverse("image-rendition", args=[jobs[0].images.first().pk, 640]) in text
    assert str(private.pk) not in text


def test_every_feed_is_a_link_and_says_where_one_is(client, jobs):
    text = client.get(reverse("explore"), {"feed": "top", "within": "day"}).text
    assert 'href="/?feed=hot"' in text
    assert 'href="/?feed=top&amp;within=day" aria-current="page">Top<' in text
    assert 'href="/?feed=top&amp;within=day" aria-current="true">Today<' in text
    assert "feed=following" not in text


def test_the_next_page_keeps_the_feed(client, alice, checkpoint):
    for _ in range(11):
        finished_job(alice)
    publish_missed()
    first = client.get(reverse("explore"), {"feed": "top", "within": "all"})
    address = re.search(r'href="(\?feed=top&amp;within=all&amp;cursor=[^"]+)"', first.text)[1].replace("&amp;", "&")
    assert len(tiles(client.get(reverse("explore") + address, headers=HTMX))) == 4


@pytest.mark.parametrize("asked", [{"feed": "warm"}, {"feed": "top", "within": "year"}])
def test_a_feed_that_is_none_is_answered_with_those_that_are(client, db, asked):
    response = client.get(reverse("explore"), asked)
    assert response.status_code == 422
    assert "There are " in response.text


@pytest.mark.parametrize(
    ("feed", "sentence"), [("following", "s pictures yet"), ("likes", "No likes yet"), ("hot", "Nothing here yet")]
)
def test_every_empty_feed_teaches_how_it_is_filled(client, alice, feed, sentence):
    client.force_login(alice)
    assert sentence in client.get(reverse("explore"), {"feed": feed}).text


@pytest.mark.parametrize("feed", ["following", "likes"])
def test_visitors_are_asked_to_sign_in_for_their_own_feeds(client, jobs, feed):
    text = client.get(reverse("explore"), {"feed": feed}).text
    assert tiles(client.get(reverse("explore"), {"feed": feed})) == []
    assert f"{reverse('account_login')}?next=/%3Ffeed%3D{feed}" in text


def test_the_heart_likes_and_answers_with_itself(client, bob, jobs):
    image = jobs[0].images.first()
    client.force_login(bob)
    heart = reverse("image-heart", args=[image.pk])
    assert f'hx-post="{heart}"' in client.get(reverse("explore")).text
    liked = client.post(heart, {"liked": "1"}, headers=HTMX).text
    assert 'aria-pressed="true"' in liked
    assert 'aria-label="Like (1)"' in liked
    assert client.get(heart, headers=HTMX).text == liked
    assert 'aria-pressed="false"' in client.post(heart, {"liked": "0"}, headers=HTMX).text
    assert client.post(heart).headers["Location"] == reverse("image", args=[image.pk])


def test_a_private_picture_has_a_heart_for_its_owner_alone(client, alice, bob, checkpoint):
    heart = reverse("image-heart", args=[finished_job(alice, "a boat --stealth").images.first().pk])
    client.force_login(bob)
    assert client.post(heart, headers=HTMX).status_code == 404
    client.force_login(alice)
    assert 'aria-label="Like (1)"' in client.post(heart, headers=HTMX).text
    assert 'aria-pressed="true"' in client.get(heart, headers=HTMX).text


def test_the_styles_show_what_was_made_in_them(client, alice, checkpoint):
    image = finished_job(alice, "a boat --style watercolor").images.first()
    publish_missed()
    text = client.get(reverse("styles")).text
    assert reverse("image-rendition", args=[image.pk, 320]) in text
    assert text.count('class="styles__one"') > 80
    of_one = client.get(reverse("style", args=["watercolor"]))
    assert len(tiles(of_one)) == 4
    assert "prompt=--style%20watercolor" in of_one.text
    assert len(tiles(client.get(reverse("style", args=["watercolor"]), headers=HTMX))) == 4
    assert "Nobody has used it yet" in client.get(reverse("style", args=["anime"])).text
    assert client.get(reverse("style", args=["nonsense"])).status_code == 404


def test_without_anonymous_browsing_visitors_are_asked_to_sign_in_everywhere(client, alice, bob, jobs, settings):
    settings.MJWEB_ANONYMOUS_BROWSING = False
    image = jobs[0].images.first()
    pages = [
        reverse("explore"),
        reverse("styles"),
        reverse("style", args=["watercolor"]),
        reverse("people", args=["alice"]),
        reverse("image", args=[image.pk]),
    ]
    files = [reverse("image-original", args=[image.pk]), reverse("image-rendition", args=[image.pk, 640])]
    files.append(reverse("image-download", args=[image.pk]))
    for page in pages:
        assert client.get(page).headers["Location"].startswith(reverse("account_login"))
    assert [client.get(file).status_code for file in files] == [401, 401, 401]
    assert str(image.pk) not in client.get(reverse("account_login")).text
    client.force_login(bob)
    assert {client.get(address).status_code for address in (*pages, *files)} == {200}


def test_a_members_next_page_asks_four_questions_at_most(client, alice, bob, jobs, django_assert_max_num_queries):
    client.force_login(bob)
    for address in (reverse("explore"), reverse("explore") + "?feed=following", reverse("people", args=["alice"])):
        with django_assert_max_num_queries(4):  # session, person, whom they follow or look at, pictures
            assert client.get(address, headers=HTMX).status_code == 200


def test_a_tile_without_its_words_tells_none_and_offers_none(client, bob, jobs):
    image = jobs[0].images.first()
    Publication.objects.filter(image=image).update(shows_prompt=False)
    client.force_login(bob)
    tile = tile_of(client.get(reverse("explore")).text, image)
    assert 'alt="Untitled"' in tile
    assert "lighthouse" not in tile
    assert "?remix=" not in tile
    assert f"?similar={image.pk}" in tile


def test_every_tile_has_its_own_heart_and_tools(client, bob, jobs):
    first, second, *_ = jobs[0].images.order_by("index")
    like_images(bob, [first.pk])
    client.force_login(bob)
    text = client.get(reverse("explore")).text
    tile = {image.pk: tile_of(text, image) for image in (first, second)}
    for image in (first, second):
        named = {
            f"heart-{image.pk}",
            f"?remix={image.pk}",
            f"?image={image.pk}",
            reverse("image-heart", args=[image.pk]),
        }
        assert all(name in tile[image.pk] for name in named)
    assert 'aria-label="Like (1)"' in tile[first.pk]
    assert 'aria-pressed="true"' in tile[first.pk]
    assert 'aria-label="Like (0)"' in tile[second.pk]
    assert all("00000000-0000" not in one and "987654321" not in one for one in tile.values())
