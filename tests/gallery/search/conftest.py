"""A small gallery that everybody can search, and a CLIP that answers at once."""

from __future__ import annotations

import pytest

from gallery.models import Publication
from gallery.services.publishing import publish_missed
from generation.jobs import questions
from generation.jobs.directions import Direction
from generation.models import Embedding
from tests.factories import finished_job

EYES = "eyes-under-test"


@pytest.fixture(autouse=True)
def _nothing_remembered(request):
    """No CLIP and no answer of an earlier test."""
    from django.core.cache import cache

    kept = questions._redis()
    for key in kept.scan_iter("questions:*"):
        kept.delete(key)
    cache.clear()


@pytest.fixture
def show(checkpoint):
    """Makes a picture of a prompt that everybody sees; with `lies`, where it lies in the space of the encoder."""

    def made(owner, prompt: str, *, lies: tuple[float, float] = (0.6, 0.8), **facts) -> Publication:
        first, *others = finished_job(owner, prompt).images.order_by("index")
        for other in others:
            other.delete()
        publish_missed()
        Embedding.objects.filter(image=first).update(direction=list(lies))
        Publication.objects.filter(image=first).update(**facts)
        return Publication.objects.select_related("image__job", "author").get(image=first)

    return made


@pytest.fixture
def eye(monkeypatch):
    """What the encoder reads in words: a direction for each text, None for what it does not know."""
    read: dict[str, tuple[float, float] | None] = {}

    def direction(text, _asker):
        lies = read.get(text)
        return Direction(EYES, lies) if lies else None

    monkeypatch.setattr("gallery.search._finding.direction_of_words", direction)
    return read
