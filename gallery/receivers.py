"""The listeners to generation: public pictures become publications, private ones are so no longer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver

from gallery.services.publishing import follow_visibility, publish_finished
from generation.models import Image, Job
from generation.signals import images_finalized, visibility_changed


@receiver(images_finalized)
def publish_public_images(sender: type[Job], *, images: Sequence[Image], **kwargs: Any) -> None:  # noqa: ARG001 - a receiver's signature
    """Shows the public ones of a job's finished pictures in the gallery."""
    publish_finished(images)


@receiver(visibility_changed)
def follow_their_owner(sender: type[Image], *, images: Sequence[Image], **kwargs: Any) -> None:  # noqa: ARG001 - a receiver's signature
    """Shows pictures that their owner published, and shows no longer what they made private."""
    follow_visibility(images)
