"""The generation app."""

from django.apps import AppConfig


class GenerationConfig(AppConfig):
    """Jobs, pictures and checkpoints."""

    name = "generation"
    default_auto_field = "django.db.models.BigAutoField"
