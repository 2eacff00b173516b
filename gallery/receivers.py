"""The one listener to generation: public pictures become publications."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver

from gallery.services.publishing import publish_finished
from generation.models import Image, Job
from generation.signals import images_finalized


@receiver(images_finalized)
def publish_public_images(sender: type[Job], *, images: Sequence[Image], **kwargs: Any) -> None:  # noqa: ARG001 - a receiver's signature
    """Shows the public ones of a job's finished pictures in the gallery."""
    publish_finished(images)
