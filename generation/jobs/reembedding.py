"""Pictures that the present encoder has not seen: those that were made before it came.

They are walked through by their ids, which rise with time. How far the walk came is kept in the cache alone: where that
is lost it begins anew, and passes over what has been seen.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.core.cache import cache

from generation.jobs.records import SeenPicture
from generation.models import Embedding, Image, Job

AT_ONCE: Final = 16
_STRIDE: Final = 2000


def unseen_images(encoder: str) -> list[Image]:
    """The next few pictures that this encoder has not seen, with their jobs; none when it has seen all."""
    while stride := _next(encoder):
        seen = set(Embedding.objects.filter(encoder=encoder, image__in=stride).values_list("image", flat=True))
        unseen = [pk for pk in stride if pk not in seen][:AT_ONCE]
        if unseen:
            return list(Image.everything.filter(pk__in=unseen).select_related("job").order_by("pk"))
        pass_over(encoder, stride[-1])
    return []


def pass_over(encoder: str, image_id: UUID) -> None:
    """The walk of this encoder goes on behind this picture, whatever became of it."""
    cache.set(_key(encoder), str(image_id), None)


def note_seen(image: Image, seen: SeenPicture) -> None:
    """Keeps what an encoder sees in a picture. Safe to repeat."""
    row = Embedding(image=image, encoder=seen.encoder, direction=list(seen.direction), prompt_score=seen.prompt_score)
    Embedding.objects.bulk_create([row], ignore_conflicts=True)


def people_wait() -> bool:
    """Whether anybody waits for a job: then nothing else is looked at."""
    return Job.objects.active().exists()


def _next(encoder: str) -> list[UUID]:
    images = Image.everything.order_by("pk")
    if (after := cache.get(_key(encoder))) is not None:
        images = images.filter(pk__gt=after)
    return list(images.values_list("pk", flat=True)[:_STRIDE])


def _key(encoder: str) -> str:
    return f"seen-up-to:{encoder}"
