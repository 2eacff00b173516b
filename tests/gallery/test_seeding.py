"""The made-up gallery is what the product would have made: everything that triggers keep true is true."""

from __future__ import annotations

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from gallery.management.seeding import Seeded, seed_gallery
from gallery.models import Publication
from gallery.selectors import Feed, explore_feed
from generation.models import Embedding, Like
from mjweb.accounts.models import User

SAME = """SELECT count(*) FROM gallery_publication p JOIN generation_image i ON i.id = p.image_id
    JOIN generation_job j ON j.id = i.job_id
    WHERE p.is_listed AND i.visibility = 'public' AND p.author_id = i.owner_id AND j.owner_id = i.owner_id
    AND p.likes_count = (SELECT count(*) FROM generation_like l WHERE l.image_id = i.id)
    AND (p.style <> '') = (j.prompt LIKE '%--style %') AND position(p.style in j.prompt) > 0"""


@pytest.fixture
def seeded(checkpoint) -> Seeded:
    return seed_gallery(403, people=30, embeddings=True)


def test_it_is_true_and_can_be_looked_at(seeded):
    assert (seeded.publications, seeded.people, seeded.likes) == (403, 30, Like.objects.count())
    assert (Publication.objects.count(), User.objects.count()) == (403, 30)
    with connection.cursor() as cursor:
        cursor.execute(SAME)
        assert cursor.fetchone() == (403,)
    assert {len(one.direction) for one in Embedding.objects.all()[:5]} == {192}
    page = explore_feed(User.objects.first(), feed=Feed.HOT)
    assert all(default_storage.exists(row.image.rendition_name(320)) for row in page.rows)
    assert Client().get(reverse("image", args=[page.rows[0].image_id])).status_code == 200

    with pytest.raises(CommandError, match="People have accounts on this server"):
        call_command("seed_gallery", publications=5)
    seed_gallery(5, people=3)
    assert (Publication.objects.count(), User.objects.count()) == (408, 33)
    person = User.objects.last()
    like = Like.objects.create(person=person, image=page.rows[0].image)
    assert Publication.objects.get(pk=page.rows[0].pk).likes_count == page.rows[0].likes_count + 1
    like.delete()


def test_without_a_model_there_is_nothing_to_seed(db):
    with pytest.raises(CommandError, match="No model is registered here"):
        call_command("seed_gallery", publications=5)
    assert not User.objects.exists()
