"""Sends snapshots to sockets. Hints only: losing one costs nothing, the next or a reload brings the state."""

from __future__ import annotations

import asyncio
import logging
import threading
from functools import cache

from channels.layers import get_channel_layer
from django.core.cache import cache as shared_cache
from redis.exceptions import RedisError

from generation.events.groups import user_group
from generation.events.types import JobSnapshot

log = logging.getLogger(__name__)
PREVIEW_KEPT_S = 120
SEND_TIMEOUT_S = 5


def publish(snapshot: JobSnapshot, *, owner_id: int) -> None:
    """Sends a snapshot to every open page of the job's owner. Returns at once and never raises.

    Effects: the preview is kept for two minutes, so that a page that reloads shows it again.
    """
    asyncio.run_coroutine_threadsafe(_send(snapshot, owner_id), _loop())


def latest_preview(job_id: str) -> str | None:
    """The newest preview of a running job, as a `data:` URL."""
    try:
        preview: str | None = shared_cache.get(_preview_key(job_id))
    except (OSError, RedisError):
        return None
    return preview


async def _send(snapshot: JobSnapshot, owner_id: int) -> None:
    layer = get_channel_layer()
    message = {"type": "job.snapshot", "message": snapshot.as_message()}
    try:
        await asyncio.wait_for(layer.group_send(user_group(owner_id), message), SEND_TIMEOUT_S)
        if snapshot.preview:
            await shared_cache.aset(_preview_key(snapshot.job_id), snapshot.preview, PREVIEW_KEPT_S)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with Redis, the work goes on
        log.warning("A snapshot of job %s was not sent: %s", snapshot.job_id, error)


def _preview_key(job_id: str) -> str:
    return f"preview:{job_id}"


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """One event loop in a thread of its own: the channel layer keeps one connection per loop, so one stays open."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="event-publisher", daemon=True).start()
    return loop
