"""The socket behind every page of a signed-in person."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer

from generation.events.groups import user_group
from generation.events.types import JobSnapshot
from generation.jobs.selectors import own_snapshots
from mjweb.accounts.models import User

SIGN_IN_FIRST = 4401
TOO_MUCH = 1009
MAX_MESSAGE_CHARS = 16_384
MAX_WATCHED = 200


class JobsConsumer(AsyncJsonWebsocketConsumer):  # type: ignore[misc]
    """Sends every snapshot of its person's jobs, and on `watch` the present state of the named ones.

    It joins the group before anything is read, so nothing is missed between the page and the socket.
    """

    user: User | None = None

    async def connect(self) -> None:
        """Accepts signed-in people only; others are closed with 4401."""
        user = self.scope["user"]
        await self.accept()
        if not user.is_authenticated:
            await self.close(code=SIGN_IN_FIRST)
            return
        self.user = user
        await self.channel_layer.group_add(user_group(user.pk), self.channel_name)

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
        """`{"type": "watch", "jobs": [id, …]}` is answered with one snapshot per job that is one's own."""
        if self.user is None or not isinstance(content, dict) or content.get("type") != "watch":
            return
        for snapshot in await _present_state(self.user, _job_ids(content.get("jobs"))):
            await self.send_json(snapshot.as_message())

    async def job_snapshot(self, event: dict[str, Any]) -> None:
        """Passes a published snapshot on to the page."""
        await self.send_json(event["message"])


def _job_ids(values: Any) -> list[UUID]:
    """The readable ids of a watch message, at most 200."""
    ids = []
    for value in values[:MAX_WATCHED] if isinstance(values, list) else []:
        try:
            ids.append(UUID(str(value)))
        except ValueError:
            continue
    return ids


@database_sync_to_async  # type: ignore[untyped-decorator]
def _present_state(user: User, job_ids: list[UUID]) -> list[JobSnapshot]:
    return own_snapshots(user, job_ids)
