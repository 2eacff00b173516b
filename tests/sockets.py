"""A page's websocket for tests, straight at the ASGI application.

Channels brings such a communicator, but importing it needs a second ASGI server to be installed.
"""

from __future__ import annotations

import json
from typing import Any

from asgiref.testing import ApplicationCommunicator


class PageSocket:
    """Connects, sends and receives as a browser would."""

    def __init__(self, application: Any, path: str, headers: list[tuple[bytes, bytes]]) -> None:
        scope = {"type": "websocket", "path": path, "query_string": b"", "headers": headers, "subprotocols": []}
        self._communicator = ApplicationCommunicator(application, scope)

    async def connect(self) -> bool:
        """Whether the server accepted."""
        await self._communicator.send_input({"type": "websocket.connect"})
        return (await self._communicator.receive_output(5))["type"] == "websocket.accept"

    async def send(self, message: Any) -> None:
        """Sends JSON, or a string as it is."""
        text = message if isinstance(message, str) else json.dumps(message)
        await self._communicator.send_input({"type": "websocket.receive", "text": text})

    async def receive(self, timeout_s: float = 5) -> Any:
        """The next message as JSON, or the close code as a number."""
        output = await self._communicator.receive_output(timeout_s)
        return output["code"] if output["type"] == "websocket.close" else json.loads(output["text"])

    async def hears_nothing(self, for_s: float = 0.3) -> bool:
        """Whether no message comes for a while."""
        return await self._communicator.receive_nothing(timeout=for_s)

    async def disconnect(self) -> None:
        """Closes and waits until the application is done."""
        await self._communicator.send_input({"type": "websocket.disconnect", "code": 1000})
        await self._communicator.wait(5)
