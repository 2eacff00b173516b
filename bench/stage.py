"""What the benches of the whole product need: one running, a person's program and page, and the engine alone."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection

from bench.bare import BareEngine, Plan, bare_engine
from tests.generation.workers.watching import page_of, program_of, rows
from tests.runs import ENDED, Product, Program


@dataclass(frozen=True, slots=True)
class Stage:
    """A warm product with nobody else in it, and the bare engine beside it."""

    product: Product
    program: Program
    page: ClientConnection
    bare: BareEngine

    def plan_of(self, job_id: str) -> Plan:
        """The resolved plan of a job, for the bare engine."""
        [row] = rows(self.product, "SELECT plan_values FROM generation_job WHERE id = %s", job_id)
        return dict(row["plan_values"])

    def next_snapshot(self) -> dict[str, Any]:
        """What the page hears next."""
        return dict(json.loads(self.page.recv(timeout=120)))

    def wait_for(self, job_ids: set[str]) -> None:
        """Returns when the page has heard that all of these jobs have succeeded."""
        waiting = set(job_ids)
        while waiting:
            snapshot = self.next_snapshot()
            if snapshot["state"] in ENDED:
                assert snapshot["state"] == "succeeded", snapshot
                waiting.discard(snapshot["job_id"])

    def imagine_all(self, prompts: list[str]) -> tuple[float, list[str]]:
        """Seconds from the first Enter to the last picture, and the jobs."""
        started_at = time.monotonic()
        job_ids = [self.program.imagine(prompt) for prompt in prompts]
        self.wait_for(set(job_ids))
        return time.monotonic() - started_at, job_ids


@contextmanager
def stage() -> Iterator[Stage]:
    """Starts all of it and paints once, so that nothing is cold; about 15 s."""
    with tempfile.TemporaryDirectory(prefix="mjweb-bench-") as folder:
        product = Product(Path(folder) / "var")
        try:
            product.wait_until_ready()
            with page_of(product, "ann") as page, program_of(product, "ann") as program, bare_engine() as bare:
                set_up = Stage(product, program, page, bare)
                _, job_ids = set_up.imagine_all(["a red boat --quality .25"] * 2)
                bare.paint([set_up.plan_of(job_id) for job_id in job_ids])
                yield set_up
        finally:
            product.clear()
