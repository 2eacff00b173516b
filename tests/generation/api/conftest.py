"""Programs of the cast."""

from __future__ import annotations

import pytest

from tests.generation.api.api_client import ApiClient


@pytest.fixture
def api(alice, checkpoint) -> ApiClient:
    """Alice's program, on a server that can render."""
    return ApiClient(alice)


@pytest.fixture
def stranger(bob, checkpoint) -> ApiClient:
    """Bob's program."""
    return ApiClient(bob)
