"""The engine alone, in a process of its own: no web, no queue, no rows, no files. `python -m bench.bare` serves it.

It waits for a line of JSON, paints the plans in it and answers with a line of JSON; in between it uses no processor,
so that it can stay loaded beside a running product.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from generation.contracts import EngineEvent, Progressed, Rendered, RenderPlan, RenderRequest
from mjweb.local.paths import REPOSITORY

Plan = Mapping[str, Any]
MAX_ROWS = 16  # the product's own number, see MJWEB_MAX_ROWS


@dataclass(frozen=True, slots=True)
class Painted:
    """How long it took, in seconds, from the first submit to the first step and to the last picture."""

    first_step_s: float
    all_s: float


class BareEngine:
    """The other process, as the benches see it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def paint(self, plans: Sequence[Plan], *, together: bool = True) -> Painted:
        """Paints the plans all at once, or each when the one before is done."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"plans": list(plans), "together": together}) + "\n")
        self._process.stdin.flush()
        return Painted(**json.loads(self._process.stdout.readline()))


@contextmanager
def bare_engine() -> Iterator[BareEngine]:
    """Starts the process; ends it."""
    argv = [sys.executable, "-m", "bench.bare"]
    with subprocess.Popen(
        argv, cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            assert process.stdout
            assert process.stdout.readline().strip() == "ready"
            yield BareEngine(process)
        finally:
            process.kill()


def _serve() -> None:
    from generation.engine.threads import keep_threads_from_spinning  # noqa: PLC0415 - must come before torch

    keep_threads_from_spinning()
    from generation.engine.loading import load_family  # noqa: PLC0415
    from generation.engine.loop import Engine  # noqa: PLC0415
    from generation.starter import WEIGHTS_DIR  # noqa: PLC0415

    engine = Engine(lambda _: load_family(WEIGHTS_DIR), max_rows=MAX_ROWS)
    engine.start()
    engine.warm("starter")
    print("ready", flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        plans = [RenderPlan.from_json(plan) for plan in order["plans"]]
        batches = [plans] if order["together"] else [[plan] for plan in plans]
        started_at = time.monotonic()
        firsts = [_paint(engine, batch) for batch in batches]
        print(json.dumps({"first_step_s": firsts[0], "all_s": time.monotonic() - started_at}), flush=True)


def _paint(engine: Any, plans: Sequence[RenderPlan]) -> float:
    """Seconds until the first step of any; returns when all are done."""
    started_at = time.monotonic()
    first: list[float] = []
    waiting = threading.Semaphore(0)

    def listen(event: EngineEvent) -> None:
        if isinstance(event, Progressed) and not first:
            first.append(time.monotonic() - started_at)
        elif isinstance(event, Rendered):
            waiting.release()

    for number, plan in enumerate(plans):
        engine.submit(RenderRequest(request_id=str(number), plan=plan), listen)
    for _ in plans:
        waiting.acquire()
    return first[0]


if __name__ == "__main__":
    _serve()
