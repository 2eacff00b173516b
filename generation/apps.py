"""The generation app."""

from django.apps import AppConfig


class GenerationConfig(AppConfig):
    """Jobs, pictures and checkpoints."""

    name = "generation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connects the listener to what the rooms above do."""
        from generation import receivers  # noqa: F401, PLC0415 - models must be loaded first
