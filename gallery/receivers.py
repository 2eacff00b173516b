"""The one listener to generation: public pictures become publications."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from gallery.services.publishing import publish_finished
from generation.models import Image
from generation.signals import image_finalized


@receiver(image_finalized)
def publish_public_image(sender: type[Image], *, image: Image, **kwargs: Any) -> None:  # noqa: ARG001 - a receiver's signature
    """Shows a finished public picture in the gallery."""
    publish_finished(image)
