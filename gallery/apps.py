"""The gallery app."""

from django.apps import AppConfig


class GalleryConfig(AppConfig):
    """Publications and the pages around them."""

    name = "gallery"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connects the one listener to generation's signal."""
        from gallery import receivers  # noqa: F401, PLC0415 - models must be loaded first
