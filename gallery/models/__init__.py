"""The rows of the gallery."""

from gallery.models.publication import Publication

__all__ = ["Publication"]
