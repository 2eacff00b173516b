"""The index of an encoder's directions: made outside of transactions, by the real PostgreSQL."""

from __future__ import annotations

import pytest
from django.db import connection

from generation.jobs.direction_indexes import index_directions, index_name
from tests.factories import finished_job

ENCODER = "eyes-under-test"


@pytest.fixture
def seen(transactional_db, alice, checkpoint):
    """Four pictures that an encoder has seen; without an index afterwards."""
    finished_job(alice)
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX IF EXISTS {index_name(ENCODER)}")


def definition() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", [index_name(ENCODER)])
        row = cursor.fetchone()
    return row[0] if row else ""


@pytest.mark.django_db(transaction=True)
def test_an_encoder_gets_one_of_its_dimensions_once(seen):
    assert index_directions(ENCODER)
    assert "hnsw" in definition()
    assert "halfvec(2)" in definition()
    assert f"'{ENCODER}'" in definition()
    assert index_directions(ENCODER)


@pytest.mark.django_db(transaction=True)
def test_one_that_was_broken_off_is_made_anew(seen):
    assert index_directions(ENCODER)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = %s::regclass", [index_name(ENCODER)])
    assert index_directions(ENCODER)
    with connection.cursor() as cursor:
        cursor.execute("SELECT indisvalid FROM pg_index WHERE indexrelid = %s::regclass", [index_name(ENCODER)])
        assert cursor.fetchone() == (True,)


@pytest.mark.django_db(transaction=True)
def test_nothing_or_too_much_is_left_alone(seen):
    assert not index_directions("eyes-of-nobody")
    assert not index_directions(ENCODER, at_most=3)
    assert definition() == ""
