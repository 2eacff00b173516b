"""Which workers are alive, and what they paint with."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now

from generation.models import Worker


def announce_worker(name: str, checkpoints: Collection[str]) -> None:
    """Says that a worker lives for one more lease, and which checkpoints it can paint with."""
    alive_until = Now() + timedelta(seconds=settings.MJWEB_LEASE_S)
    values = {"serves": sorted(checkpoints), "alive_until": alive_until}
    Worker.objects.update_or_create(name=name, defaults=values)


def dismiss_worker(name: str) -> None:
    """Says that a worker takes no more jobs."""
    Worker.objects.filter(name=name).delete()


def forget_dead_workers() -> None:
    """Drops the rows of workers that have been silent for a while."""
    Worker.objects.filter(alive_until__lt=Now() - timedelta(minutes=10)).delete()


def workers_by_checkpoint() -> dict[str, list[str]]:
    """The living workers of every checkpoint that any of them serves."""
    served: dict[str, list[str]] = {}
    for worker in Worker.objects.alive().order_by("name"):
        for checkpoint in worker.serves:
            served.setdefault(checkpoint, []).append(worker.name)
    return served


def is_served(checkpoint: str) -> bool:
    """Whether a living worker can paint with it."""
    return Worker.objects.alive().filter(serves__contains=[checkpoint]).exists()


def served_jobs() -> Exists:
    """For a query of jobs: whether a living worker can paint each with its checkpoint."""
    return Exists(Worker.objects.alive().filter(serves__contains=[OuterRef("checkpoint__name")]))
