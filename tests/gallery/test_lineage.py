"""Where pictures come from, and who may follow it."""

import pytest
from django.contrib.auth.models import AnonymousUser

from gallery.lineage import Branch, lineage, word_changes
from gallery.services.publishing import unpublish_image
from generation.jobs import services
from generation.models import Image
from tests.factories import finish, finished_job, queued_job


def first(job) -> Image:
    return job.images.get(index=1)


def vary(user, image: Image) -> Image:
    return first(finish(services.vary_image(user, image.pk)))


def upscale(user, image: Image) -> Image:
    return first(finish(services.upscale_image(user, image.pk)))


def line_of(branch: Branch) -> list[Branch]:
    """The branches from the eldest to the current one."""
    line = [branch]
    while not line[-1].is_current:
        line.append(line[-1].children[0])
    return line


def test_a_picture_from_nothing_that_nobody_used_has_nothing_to_tell(alice, checkpoint):
    assert lineage(alice, first(finished_job(alice))).is_alone


def test_it_begins_at_the_eldest_picture_and_says_what_was_done(alice, checkpoint):
    image = finished_job(alice).images.get(index=3)
    varied = vary(alice, image)
    large = upscale(alice, varied)
    titles = [branch.title for branch in line_of(lineage(alice, large))]
    assert titles == ["Picture 3", "Vary strong, picture 3", "This picture"]
    assert line_of(lineage(alice, large))[-1].detail == "Upscale 2×, picture 1"  # noqa: RUF001 - the sign for sizes


def test_what_was_made_of_it_stands_below_it_with_its_own_descendants(alice, checkpoint):
    image = first(finished_job(alice))
    upscale(alice, vary(alice, image))
    varied = lineage(alice, image).children[0]
    assert (varied.title, len(varied.images)) == ("Vary strong, picture 1", 4)
    assert varied.children[0].detail == "128 × 128 to 256 × 256"  # noqa: RUF001 - the sign for sizes


def test_a_remix_is_told_by_its_author_and_by_the_words_that_changed(alice, bob, checkpoint):
    image = first(finished_job(alice, "a red house in deep snow, ink"))
    finish(queued_job(bob, "a red house in heavy rain, ink --ar 3:2", remix_of=image.pk))
    remix = lineage(alice, image).children[0]
    assert remix.title == "Remix by bob"
    assert remix.changes == (("removed", "deep snow"), ("added", "heavy rain"))


def test_words_that_were_changed_on_the_way_are_told_of_any_step(alice, checkpoint):
    image = first(finished_job(alice, "a red house in deep snow, ink"))
    first(finish(services.zoom_image(alice, image.pk, prompt="a red house in a wide field, ink --ar 2:1")))
    first(finish(services.vary_image(alice, image.pk, prompt="a blue house in deep snow, ink")))
    zoom, remix = lineage(alice, image).children
    assert zoom.title == "Zoom out 2×, picture 1"  # noqa: RUF001 - the sign for sizes
    assert zoom.changes == (("removed", "deep snow"), ("added", "a wide field"))
    assert remix.title == "Remix strong by alice"
    assert remix.changes == (("removed", "red"), ("added", "blue"))


def test_every_step_has_a_name_and_says_its_size_where_that_changed(alice, checkpoint):
    image = first(finished_job(alice, "a boat --ar 3:2"))
    varied = finish(services.vary_image(alice, image.pk))
    for job in (
        services.zoom_image(alice, image.pk, factor=1.5),
        services.pan_image(alice, image.pk, direction="left"),
        services.square_image(alice, image.pk),
        services.upscale_image(alice, image.pk, variant="creative"),
        services.blend_images(alice, [image.pk, image.job.images.get(index=2).pk]),
        services.rerun_job(alice, varied.pk),
    ):
        finish(job)
    told = {branch.title: branch.detail for branch in lineage(alice, image).children}
    assert told == {
        "Zoom out 1.5×, picture 1": "now 160 × 96",  # noqa: RUF001 - the sign for sizes
        "Pan left, picture 1": "now 224 × 96",  # noqa: RUF001
        "Make square, picture 1": "now 128 × 128",  # noqa: RUF001
        "Upscale creative, picture 1": "160 × 96 to 320 × 192",  # noqa: RUF001
        "Blend, picture 1": "of pictures alone",
        "Vary strong, picture 1": "same words",
        "The same again, picture 1": "same words",
    }


def test_private_pictures_of_others_never_appear_below(alice, bob, checkpoint):
    image = first(finished_job(alice))
    secret = finish(queued_job(bob, "a boat --stealth", remix_of=image.pk))
    assert lineage(alice, image).is_alone
    assert lineage(AnonymousUser(), image).is_alone
    assert lineage(bob, image).children[0].images == tuple(secret.images.order_by("index"))


def test_a_private_picture_of_somebody_else_ends_the_line_above(alice, bob, checkpoint):
    image = first(finished_job(alice))
    remix = first(finish(queued_job(bob, "a boat", remix_of=image.pk)))
    unpublish_image(alice, image.pk)
    assert lineage(bob, remix).is_alone
    assert not lineage(alice, remix).is_alone


def test_the_middle_of_a_long_line_folds(alice, checkpoint):
    image = first(finished_job(alice))
    for _ in range(5):
        image = vary(alice, image)
    assert [branch.title for branch in line_of(lineage(alice, image))] == [
        "Picture 1",
        "2 steps",
        "Vary strong, picture 1",
        "Vary strong, picture 1",
        "This picture",
    ]


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ("a red boat", "a red boat", ()),
        ("a red boat", "a blue boat", (("removed", "red"), ("added", "blue"))),
        ("a boat", "a boat, oil", (("removed", "boat"), ("added", "boat, oil"))),
        ("", "a boat", (("added", "a boat"),)),
    ],
)
def test_only_the_words_that_differ_are_told(before, after, changes):
    assert word_changes(before, after) == changes
