"""What the rooms above do with pictures is told to their owner's pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Model
from django.dispatch import receiver

from generation.events.publish import publish
from generation.events.types import ImagesChanged
from generation.jobs.organizing import SHOWN
from generation.models import Image
from generation.signals import visibility_changed


@receiver(visibility_changed)
def tell_their_owner(sender: type[Model], *, images: Sequence[Image], **kwargs: Any) -> None:  # noqa: ARG001 - a receiver's signature
    """Lets every open page show pictures as public or private. What this room did itself, it has told already."""
    for image in images if sender is not Image else ():
        event = ImagesChanged(
            change=SHOWN[image.visibility],
            image_ids=(str(image.pk),),
            job_ids=(str(image.job_id),),
        )
        publish(event, owner_id=image.owner_id)
