"""Programs of the cast."""

from tests.generation.api.conftest import api, stranger

__all__ = ["api", "stranger"]
