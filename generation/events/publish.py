"""Sends events to sockets. Hints only: losing one costs nothing, the next or a reload brings the state."""

from __future__ import annotations

import asyncio
import atexit
import logging
import threading
from functools import cache

import redis
import redis.asyncio
from channels.layers import get_channel_layer
from django.conf import settings

from generation.events.groups import user_group
from generation.events.types import Event, JobSnapshot

log = logging.getLogger(__name__)
PREVIEW_KEPT_S = 120
SEND_TIMEOUT_S = 5


def publish(event: Event, *, owner_id: int) -> None:
    """Sends an event to every open page of this person. Returns at once and never raises.

    Effects: the preview is kept for two minutes, so that a page that reloads shows it again.
    """
    asyncio.run_coroutine_threadsafe(_send(event, owner_id), _loop())


def latest_preview(job_id: str) -> str | None:
    """The newest preview of a running job, as a `data:` URL."""
    try:
        preview = _kept_previews().get(_preview_key(job_id))
    except (OSError, redis.RedisError):
        return None
    return preview.decode() if isinstance(preview, bytes) else None


async def _send(event: Event, owner_id: int) -> None:
    layer = get_channel_layer()
    message = {"type": "page.event", "message": event.as_message()}
    try:
        await asyncio.wait_for(layer.group_send(user_group(owner_id), message), SEND_TIMEOUT_S)
        if isinstance(event, JobSnapshot) and event.preview:
            await _new_previews().set(_preview_key(event.job_id), event.preview, ex=PREVIEW_KEPT_S)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with Redis, the work goes on
        log.warning("An event was not sent: %s. %s", type(event).__name__, error)


@cache
def _kept_previews() -> redis.Redis:
    """Reads, from any thread."""
    return redis.Redis.from_url(settings.REDIS_URL)


@cache
def _new_previews() -> redis.asyncio.Redis:
    """Writes, on the loop below: Django's cache would hand each of them to one more thread."""
    client = redis.asyncio.Redis.from_url(settings.REDIS_URL)
    atexit.register(lambda: asyncio.run_coroutine_threadsafe(client.aclose(), _loop()).result(SEND_TIMEOUT_S))
    return client


def _preview_key(job_id: str) -> str:
    return f"preview:{job_id}"


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """One event loop in a thread of its own: the channel layer keeps one connection per loop, so one stays open."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="event-publisher", daemon=True).start()
    return loop
