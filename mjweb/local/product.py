"""The product's own processes, in the order in which they start."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from mjweb.local.address import Address
from mjweb.local.paths import REPOSITORY, DataDirectory
from mjweb.local.processes import Command

# The first start may fetch a checkpoint from a hub.
_ENGINE_READY_S = 1800.0
_DRAIN_S = 5
# It gives running jobs 20 s to end; killed before, it could not put them back into the queue.
_ENGINE_DRAIN_S = 25.0


def product_tiers(data: DataDirectory, address: Address, environment: Mapping[str, str]) -> list[list[Command]]:
    """Migrations and the checkpoint's row, then web and workers together.

    Args:
        data: where the engine worker says that its model is warm.
        address: where the web listens.
        environment: of every process; names the database, the broker and the settings.
    """
    return [
        [_prepare(environment)],
        [
            _web(address, environment),
            _engine_worker(data, environment),
            _light_worker(data, environment),
        ],
    ]


def _prepare(environment: Mapping[str, str]) -> Command:
    return Command(
        name="prepare",
        argv=(sys.executable, "manage.py", "prepare"),
        environment=environment,
        folder=REPOSITORY,
        ready_timeout_s=600.0,
        once=True,
    )


def _web(address: Address, environment: Mapping[str, str]) -> Command:
    listen = ("--host", address.host, "--port", str(address.port), "--no-server-header")
    drain = ("--timeout-graceful-shutdown", str(_DRAIN_S))
    # Previews are compressed already: trying again costs more than the sending.
    plain = ("--ws-per-message-deflate", "false")
    return Command(
        name="web",
        argv=(sys.executable, "-m", "uvicorn", "mjweb.asgi:application", *listen, *drain, *plain),
        environment=environment,
        folder=REPOSITORY,
        stop_timeout_s=_DRAIN_S + 5.0,
        is_ready=lambda _: address.answers("/healthz"),
    )


def _engine_worker(data: DataDirectory, environment: Mapping[str, str]) -> Command:
    quiet = ("--without-gossip", "--without-mingle", "--without-heartbeat")
    return Command(
        name="engine",
        argv=(*_celery(), "--pool=threads", "--concurrency=8", "-Q", "gpu", *quiet, "-n", "gpu@%h"),
        environment=environment,
        folder=REPOSITORY,
        stop_timeout_s=_ENGINE_DRAIN_S,
        is_ready=lambda pid: _names(data.run / "engine.ready", pid),
        ready_timeout_s=_ENGINE_READY_S,
    )


def _light_worker(data: DataDirectory, environment: Mapping[str, str]) -> Command:
    beat = ("-B", "-s", str(data.root / "celerybeat-schedule"))
    return Command(
        name="light",
        argv=(*_celery(), "--pool=prefork", "--concurrency=1", "-Q", "default", *beat, "-n", "light@%h"),
        environment=environment,
        folder=REPOSITORY,
    )


def _celery() -> tuple[str, ...]:
    return (sys.executable, "-m", "celery", "-A", "mjweb", "worker", "--loglevel=INFO")


def _names(file: Path, pid: int) -> bool:
    """Whether the file holds that process id: one that a former worker wrote says nothing about this one."""
    try:
        return file.read_text().strip() == str(pid)
    except OSError:
        return False
