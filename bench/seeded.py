"""A seeded gallery in a database of its own, and Django set up on it: for a process that has loaded no Django."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mjweb.local.servers import LocalServers


@contextmanager
def seeded_gallery(publications: int, *, embeddings: bool = False) -> Iterator[None]:
    """PostgreSQL and Valkey with that many publications of five hundred people; gone when it ends."""
    with tempfile.TemporaryDirectory(prefix="mjweb-bench-") as folder, LocalServers(Path(folder, "servers")) as servers:
        os.environ.update(
            MJWEB_DATA=folder,
            DATABASE_URL=servers.database_url,
            REDIS_URL=servers.redis_url,
            DJANGO_SETTINGS_MODULE="mjweb.settings.test",
        )
        _fill(publications, embeddings=embeddings)
        yield
        _hang_up()


def _fill(publications: int, *, embeddings: bool) -> None:
    import django  # noqa: PLC0415 - it reads the settings, which read the environment

    django.setup()

    from django.core.management import call_command  # noqa: PLC0415

    from generation.jobs.checkpoints import describe_checkpoint, register_checkpoint  # noqa: PLC0415
    from generation.starter import WEIGHTS_DIR  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    source = str(WEIGHTS_DIR)
    register_checkpoint(describe_checkpoint(WEIGHTS_DIR, source=source), source=source)
    call_command("seed_gallery", publications=publications, embeddings=embeddings, stdout=open(os.devnull, "w"))  # noqa: PTH123, SIM115


def _hang_up() -> None:
    """The pool would notice that the server stops, and say so."""
    from django.db import connections  # noqa: PLC0415

    for connection in connections.all():
        connection.close_pool()
