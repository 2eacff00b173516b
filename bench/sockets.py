"""One snapshot, many open pages of its owner."""

from __future__ import annotations

import asyncio
import json
import time
from collections import defaultdict

from websockets.asyncio.client import ClientConnection, connect

from bench.stage import Stage
from bench.table import Line, percentile, span

GOAL_MS = 100


def run(stage: Stage, *, quick: bool) -> list[Line]:
    """How much later than the first page the last one hears of a snapshot."""
    pages = 10 if quick else 100
    late_ms = asyncio.run(_listen(stage, pages))
    name = f"snapshot at the last of {pages} pages after the first, p95"
    value = percentile(late_ms, 95)
    return [Line(name=name, value=value, unit="ms", spread=span(late_ms), goal=GOAL_MS, better="less")]


async def _listen(stage: Stage, pages: int) -> list[float]:
    request = stage.page.request
    assert request
    address = stage.product.url.replace("http", "ws", 1) + "/ws/"
    headers = {"Cookie": request.headers["Cookie"], "Origin": stage.product.url}
    heard: dict[int, list[float]] = defaultdict(list)
    async with asyncio.TaskGroup() as group:
        opened = [await connect(address, additional_headers=headers) for _ in range(pages)]
        listeners = [group.create_task(_hear(page, heard)) for page in opened]
        job_id = await asyncio.to_thread(stage.program.imagine, "a red boat")
        await asyncio.to_thread(stage.wait_for, {job_id})
        await asyncio.wait(listeners, timeout=5)
        for page in opened:
            await page.close()
    complete = [times for times in heard.values() if len(times) == pages]
    assert complete
    return [(max(times) - min(times)) * 1000 for times in complete]


async def _hear(page: ClientConnection, heard: dict[int, list[float]]) -> None:
    """Notes when each snapshot came, by its version, until the job's end."""
    async for text in page:
        snapshot = json.loads(text)
        heard[snapshot["version"]].append(time.monotonic())
        if snapshot["state"] == "succeeded":
            return
