"""The stage for all tests: real PostgreSQL and Valkey of this run's own, a fresh media folder, and the cast."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from mjweb.local.servers import LocalServers

_servers: LocalServers | None = None
_data = Path(tempfile.mkdtemp(prefix="mjweb-test-"))


def pytest_configure(config: pytest.Config) -> None:
    """Starts the servers before Django reads its settings, unless the environment names some."""
    global _servers
    os.environ["MJWEB_DATA"] = str(_data)
    if not os.environ.get("DATABASE_URL"):
        _servers = LocalServers(_data / "servers", fsync=False).__enter__()
        os.environ["DATABASE_URL"] = _servers.database_url
        os.environ["REDIS_URL"] = _servers.redis_url


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stops what was started and removes every file of the run."""
    if _servers is not None:
        _servers.__exit__(None, None, None)
    shutil.rmtree(_data, ignore_errors=True)


@pytest.fixture(autouse=True)
def _media(settings, tmp_path: Path) -> Iterator[None]:
    """Each test writes its pictures into a folder of its own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    yield


@pytest.fixture
def alice(db):
    from mjweb.accounts.models import User

    return User.objects.create_user("alice", "alice@example.com", "correct horse")


@pytest.fixture
def bob(db):
    from mjweb.accounts.models import User

    return User.objects.create_user("bob", "bob@example.com", "battery staple")


@pytest.fixture
def card():
    """The starter model's numbers."""
    from generation.jobs.cards import card
    from generation.starter import WEIGHTS_DIR

    return card(WEIGHTS_DIR)


@pytest.fixture
def checkpoint(db, card):
    """The registered starter model."""
    from generation.jobs.checkpoints import register_checkpoint
    from generation.starter import WEIGHTS_DIR

    return register_checkpoint(card, source=str(WEIGHTS_DIR))
