"""The cast, and a fresh media folder for every test. `tests.stage` has started real servers before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from tests.runs import Product
from tests.shop import Shop, open_shop


@pytest.fixture(autouse=True)
def _media(settings, tmp_path: Path) -> None:
    """Each test writes its pictures into a folder of its own."""
    settings.MEDIA_ROOT = tmp_path / "media"


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
    from generation.jobs.checkpoints import describe_checkpoint
    from generation.starter import WEIGHTS_DIR

    return describe_checkpoint(WEIGHTS_DIR, source=str(WEIGHTS_DIR))


@pytest.fixture
def checkpoint(db, card):
    """The registered starter model, and a worker that serves it."""
    from generation.jobs.checkpoints import register_checkpoint
    from generation.models import Worker
    from generation.starter import WEIGHTS_DIR

    Worker.objects.create(name="painter", serves=[card.name], alive_until=timezone.now() + timedelta(hours=1))
    return register_checkpoint(card, source=str(WEIGHTS_DIR))


@pytest.fixture(scope="session")
def product(tmp_path_factory) -> Iterator[Product]:
    """The whole running product, shared by every test that leaves it running: real servers, workers and model."""
    product = Product(tmp_path_factory.mktemp("product") / "var")
    try:
        product.wait_until_ready()
        yield product
    finally:
        product.clear()


@pytest.fixture(scope="session")
def shop(tmp_path_factory) -> Iterator[Shop]:
    """A product with three models, shared by every test that leaves it as it was."""
    with open_shop(tmp_path_factory.mktemp("shop")) as shop:
        yield shop
