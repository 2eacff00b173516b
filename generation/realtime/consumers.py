"""The socket behind every page of a signed-in person."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.http import HttpRequest
from django.utils.translation import get_language_from_request, override

from generation.events.groups import user_group
from generation.events.types import JobSnapshot
from generation.jobs.selectors import own_snapshots
from mjweb.accounts.models import User

SIGN_IN_FIRST = 4401
TOO_MUCH = 1009
MAX_MESSAGE_CHARS = 16_384
MAX_WATCHED = 200
LONGEST_SINCE_S = 86_400


class JobsConsumer(AsyncJsonWebsocketConsumer):  # type: ignore[misc]
    """Sends every event of its person, and on `watch` the present state of the named jobs; docs/events.md tells all.

    It joins the group before anything is read, so nothing is missed between the page and the socket.
    """

    user: User | None = None

    async def connect(self) -> None:
        """Accepts signed-in people, who hear everything from then on; others are closed with 4401."""
        user = self.scope["user"]
        if user.is_authenticated:
            self.user = user
            await self.channel_layer.group_add(user_group(user.pk), self.channel_name)
        await self.accept()
        if self.user is None:
            await self.close(code=SIGN_IN_FIRST)

    async def disconnect(self, code: int) -> None:  # noqa: ARG002 - Channels' signature
        """Leaves the group."""
        if self.user is not None:
            await self.channel_layer.group_discard(user_group(self.user.pk), self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None, **kwargs: Any) -> None:
        """Refuses binary, over-long and unreadable messages by closing the socket."""
        if self.user is None:
            return
        if bytes_data or text_data is None or len(text_data) > MAX_MESSAGE_CHARS:
            await self.close(code=TOO_MUCH)
            return
        try:
            await super().receive(text_data=text_data, **kwargs)
        except json.JSONDecodeError:
            await self.close(code=TOO_MUCH)

    async def receive_json(self, content: Any, **kwargs: Any) -> None:  # noqa: ARG002 - Channels' signature
        """`{"type": "watch", "jobs": [id, …], "since_s": 9}` is answered with the state of these and of newer jobs."""
        if self.user is None or not isinstance(content, dict) or content.get("type") != "watch":
            return
        job_ids, since = _job_ids(content.get("jobs")), _span(content.get("since_s"))
        for snapshot in await _present_state(self.user, job_ids, since, language_of(self.scope)):
            await self.send_json(snapshot.as_message())

    async def page_event(self, event: dict[str, Any]) -> None:
        """Passes a published event on to the page."""
        await self.send_json(event["message"])


def language_of(scope: Mapping[str, Any]) -> str:
    """The language of the page that opened a socket: the chosen one, else what its browser asks for."""
    request = HttpRequest()
    request.COOKIES = dict(scope.get("cookies") or {})
    asked = dict(scope.get("headers") or ()).get(b"accept-language", b"")
    request.META["HTTP_ACCEPT_LANGUAGE"] = asked.decode("latin-1")
    return get_language_from_request(request)


def _job_ids(values: Any) -> list[UUID]:
    """The readable ids of a watch message, at most 200."""
    ids = []
    for value in values[:MAX_WATCHED] if isinstance(values, list) else []:
        try:
            ids.append(UUID(str(value)))
        except ValueError:
            continue
    return ids


def _span(seconds: Any) -> timedelta | None:
    """How far back a watch message asks, at most a day; None where it does not."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds < math.inf:
        return None
    return timedelta(seconds=min(seconds, LONGEST_SINCE_S))


@database_sync_to_async  # type: ignore[untyped-decorator]
def _present_state(user: User, job_ids: list[UUID], since: timedelta | None, language: str) -> list[JobSnapshot]:
    with override(language):
        return own_snapshots(user, job_ids, since=since)
