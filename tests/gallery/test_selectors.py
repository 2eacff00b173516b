"""What the gallery's pages read."""

import uuid

import pytest
from django.contrib.auth.models import AnonymousUser

from gallery.selectors import author_feed, explore_feed, image_page
from gallery.services.publishing import publish_missed, unpublish_image
from generation.errors import ImageNotFoundError
from generation.jobs import services
from mjweb.common.errors import InvalidInputError
from tests.factories import finish, finished_job


def test_the_feed_is_newest_first_and_its_pages_meet_without_a_gap(alice, checkpoint):
    finished_job(alice)
    finished_job(alice)
    publish_missed()
    first = explore_feed(AnonymousUser(), size=5)
    second = explore_feed(AnonymousUser(), size=5, cursor=first.next_cursor)
    shown = [*first.rows, *second.rows]
    assert len({row.pk for row in shown}) == 8
    assert [row.published_at for row in shown] == sorted((row.published_at for row in shown), reverse=True)
    assert second.next_cursor is None


def test_what_appears_meanwhile_does_not_shift_the_next_page(alice, checkpoint):
    finished_job(alice)
    publish_missed()
    first = explore_feed(alice, size=2)
    finished_job(alice)
    publish_missed()
    second = explore_feed(alice, size=2, cursor=first.next_cursor)
    assert second.next_cursor is None
    assert not {row.pk for row in first.rows} & {row.pk for row in second.rows}


def test_a_picture_made_private_leaves_the_feed(alice, checkpoint):
    image = finished_job(alice).images.get(index=2)
    publish_missed()
    unpublish_image(alice, image.pk)
    assert image.pk not in {row.image_id for row in explore_feed(alice).rows}


def test_the_feed_of_one_person_holds_nobody_else(alice, bob, checkpoint):
    finished_job(alice)
    finished_job(bob)
    publish_missed()
    assert {row.author for row in author_feed(alice, bob).rows} == {bob}


def test_a_damaged_cursor_is_refused(db):
    with pytest.raises(InvalidInputError):
        explore_feed(AnonymousUser(), cursor="nonsense")


def test_a_picture_knows_its_neighbors_in_the_grid(alice, checkpoint):
    images = list(finished_job(alice).images.order_by("index"))
    page = image_page(alice, images[1].pk)
    assert (page.previous, page.following) == (images[0], images[2])
    assert image_page(alice, images[0].pk).previous is None
    assert image_page(alice, images[3].pk).following is None


def test_neighbors_that_are_private_are_passed_over(alice, bob, checkpoint):
    images = list(finished_job(alice).images.order_by("index"))
    unpublish_image(alice, images[1].pk)
    assert image_page(bob, images[0].pk).following == images[2]
    assert image_page(alice, images[0].pk).following == images[1]


def test_a_private_picture_does_not_exist_for_others(alice, bob, checkpoint):
    image = finished_job(alice, "a boat --stealth").images.get(index=1)
    assert image_page(alice, image.pk).is_own
    for stranger in (bob, AnonymousUser()):
        with pytest.raises(ImageNotFoundError):
            image_page(stranger, image.pk)


def test_an_unknown_picture_is_not_found(alice):
    with pytest.raises(ImageNotFoundError):
        image_page(alice, uuid.uuid4())


def test_it_knows_ones_own_upscale_and_not_somebody_elses(alice, bob, checkpoint):
    image = finished_job(alice).images.get(index=1)
    finish(services.upscale_image(bob, image.pk))
    assert [button.made for button in image_page(alice, image.pk).rows["upscale"].buttons] == [None] * 4
    mine = finish(services.upscale_image(alice, image.pk)).images.get()
    made = {button.value: button.made for button in image_page(alice, image.pk).rows["upscale"].buttons}
    assert made == {"subtle": None, "creative": None, "2x": mine, "4x": None}
    assert image_page(alice, mine.pk).before == image


def test_it_says_why_a_picture_cannot_grow(alice, checkpoint):
    image = finished_job(alice).images.get(index=1)
    while not (page := image_page(alice, image.pk)).rows["upscale"].is_refused:
        image = finish(services.upscale_image(alice, image.pk)).images.get()
    assert 2 * max(page.image.width_px, page.image.height_px) > checkpoint.card.max_side_px
    assert "as large as the model makes them" in page.rows["upscale"].reasons[0]


def test_a_visitor_is_offered_nothing(alice, checkpoint):
    image = finished_job(alice).images.get(index=1)
    assert image_page(AnonymousUser(), image.pk).rows == {}


def test_it_shows_what_else_it_was_made_with_as_far_as_that_may_be_seen(alice, bob, checkpoint):
    shown, first = finished_job(alice).images.get(index=1), finished_job(alice).images.get(index=2)
    blend = finish(services.blend_images(bob, [first.pk, shown.pk])).images.get(index=1)
    page = image_page(bob, blend.pk)
    assert (page.sources, page.prompt.words) == ([shown], "A blend of pictures")
    unpublish_image(alice, shown.pk)
    assert image_page(bob, blend.pk).sources == []


@pytest.mark.parametrize(
    ("prompt", "seeded"),
    [
        ("a boat --ar 3:2", "a boat --ar 3:2 --seed 9"),
        ("a boat --seed 7 --ar 3:2", "a boat --ar 3:2 --seed 9"),
    ],
)
def test_its_seed_is_used_in_the_place_of_another(alice, checkpoint, prompt, seeded):
    image = finished_job(alice, prompt).images.get(index=3)
    image.seed = 9
    image.save()
    assert image_page(alice, image.pk).seeded == seeded
