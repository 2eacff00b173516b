"""Wakes the workers. PostgreSQL holds the queue; a message says only that there is work."""

from __future__ import annotations

import logging

from mjweb.celery import app  # by name: a management command has loaded no other, and the nameless one asks elsewhere

log = logging.getLogger(__name__)
WAKE_EXPIRES_S = 30


def wake_engines() -> None:
    """Tells the engine workers to look for a job. Never raises: the recovery sweep wakes them again."""
    try:
        app.send_task("generation.render", expires=WAKE_EXPIRES_S)
    except Exception as error:  # noqa: BLE001 - a lost wake-up delays a job by seconds, an error would lose the request
        log.warning("The engine workers were not woken: %s", error)
