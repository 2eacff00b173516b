"""The nearest pictures among many, by the index of the real PostgreSQL."""

from __future__ import annotations

import math

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection

from gallery.models import Publication
from gallery.search import _rankings as rankings
from gallery.services.publishing import publish_finished
from generation.jobs.direction_indexes import index_directions, index_name
from generation.jobs.directions import Direction
from generation.models import Embedding, Image
from tests.factories import queued_job
from tests.gallery.search.conftest import EYES

COUNT = 300


@pytest.fixture
def circle(transactional_db, alice, checkpoint, monkeypatch):
    """Pictures on half a circle, the n-th at n degrees of it, with an index that the planner must use."""
    job = queued_job(alice)
    Image.objects.bulk_create(
        Image(job=job, owner=alice, index=at, seed=at, width_px=8, height_px=8, sha256=f"{at:064x}", size_bytes=1)
        for at in range(COUNT)
    )
    images = list(Image.objects.order_by("index"))
    publish_finished(images)
    angles = [math.pi * at / COUNT for at in range(COUNT)]
    Embedding.objects.bulk_create(
        Embedding(image=image, encoder=EYES, direction=[math.cos(angle), math.sin(angle)], prompt_score=0)
        for image, angle in zip(images, angles, strict=True)
    )
    assert index_directions(EYES)
    monkeypatch.setattr(rankings, "FEW", 0)
    monkeypatch.setattr(rankings, "LEAST_EF_SEARCH", 5)
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off; SET enable_sort = off")
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"RESET enable_seqscan; RESET enable_sort; DROP INDEX {index_name(EYES)}")


def nearest(shown, count: int) -> list[int]:
    found = rankings.by_direction(shown, Direction(EYES, (1.0, 0.0)), count=count)
    indexes = dict(Publication.objects.values_list("pk", "image__index"))
    return [indexes[pk] for pk in found]


@pytest.mark.django_db(transaction=True)
def test_the_index_goes_on_until_enough_fulfill_the_conditions(circle):
    listed = Publication.objects.listed_for(AnonymousUser())
    assert nearest(listed, 5) == [0, 1, 2, 3, 4]
    assert nearest(listed.filter(image__index__gte=COUNT - 3), 3) == [COUNT - 3, COUNT - 2, COUNT - 1]


@pytest.mark.django_db(transaction=True)
def test_a_search_uses_the_index(circle):
    with connection.execute_wrapper(explained(plans := [])):
        nearest(Publication.objects.listed_for(AnonymousUser()), 5)
    assert any(index_name(EYES) in plan for plan in plans)


def explained(plans: list[str]):
    """Writes down how what is asked of directions is answered."""

    def run(execute, sql, params, many, context):
        if "<=>" in sql:
            with context["connection"].connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN {sql}", params)
                plans.append("\n".join(row[0] for row in cursor.fetchall()))
        return execute(sql, params, many, context)

    return run
