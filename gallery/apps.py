"""The gallery app."""

from django.apps import AppConfig


class GalleryConfig(AppConfig):
    """Publications and the pages around them."""

    name = "gallery"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connects the listeners, and tells generation how people stand to each other and whose words are kept."""
        from gallery import receivers  # noqa: F401, PLC0415 - models must be loaded first
        from gallery.models.standing import strangers_to, unlisted_for  # noqa: PLC0415
        from gallery.selectors.discretion import silent_images  # noqa: PLC0415
        from generation.jobs.discretion import ask_for_words  # noqa: PLC0415
        from generation.models.seeing import look_with  # noqa: PLC0415

        look_with(strangers=strangers_to, unlisted=unlisted_for)
        ask_for_words(silent_images)
