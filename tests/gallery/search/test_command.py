"""`manage.py index_search`."""

from __future__ import annotations

import io

import pytest
from django.core.management import call_command
from django.db import connection

from gallery.models import Publication
from generation.jobs.direction_indexes import index_name
from tests.gallery.search.conftest import EYES


@pytest.mark.django_db(transaction=True)
def test_everything_is_findable_afterwards(alice, show):
    show(alice, "a boat")
    Publication.objects.update(words=None)
    said = io.StringIO()
    call_command("index_search", stdout=said)
    assert "Words of 1 publications" in said.getvalue()
    assert f"The index of {EYES}" in said.getvalue()
    assert Publication.objects.filter(words=None).count() == 0
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX {index_name(EYES)}")
