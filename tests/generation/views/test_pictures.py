"""How large pictures are drawn, and what tells that something is being made."""

from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from generation.templatetags.pictures import density, stage_cap, under_way, varied
from tests.factories import finished_job, queued_job


def sized(width_px, height_px):
    return SimpleNamespace(width_px=width_px, height_px=height_px)


def test_a_feed_is_fine_when_most_of_its_pictures_are_small():
    small, large = sized(128, 128), sized(1024, 768)
    assert density([small, small, large]) == "fine"
    assert density([small, large, large]) == "full"
    assert density([]) == "full"


def test_publications_and_cards_count_as_their_pictures():
    assert density([SimpleNamespace(image=sized(128, 96))]) == "fine"
    assert density([SimpleNamespace(plan=sized(1024, 1024))]) == "full"


@pytest.mark.parametrize(("side_px", "cap"), [(128, "1"), (256, "2"), (1024, "")])
def test_a_small_picture_does_not_fill_the_stage(side_px, cap):
    assert stage_cap(sized(side_px, side_px // 2)) == cap


def test_a_wall_shows_one_picture_of_each_job_where_there_are_enough():
    images = [SimpleNamespace(job_id=number // 4, index=number % 4) for number in range(48)]
    assert [(image.job_id, image.index) for image in varied(images)] == [(job, 0) for job in range(12)]
    assert varied(images[:8]) == images[:8]


def test_only_ones_own_unfinished_jobs_are_under_way(alice, bob, checkpoint):
    finished_job(alice)
    queued_job(bob)
    mine = queued_job(alice)
    assert under_way(alice) == str(mine.pk)
    assert under_way(AnonymousUser()) == ""


def test_every_page_says_that_something_is_being_made(client, alice, checkpoint):
    job = queued_job(alice)
    client.force_login(alice)
    assert f'data-jobs="{job.pk}"' in client.get(reverse("explore")).text


def test_a_step_back_asks_for_the_create_page_anew(client, alice, checkpoint):
    client.force_login(alice)
    assert "no-store" in client.get(reverse("create"))["Cache-Control"]
