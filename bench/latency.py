"""From Enter to the first sign of life, to the first preview, to the pictures."""

from __future__ import annotations

import time
from dataclasses import dataclass
from statistics import median

from bench.stage import Stage
from bench.table import Line, percentile, span

FIRST_STEP_GOAL_MS, PREVIEW_GOAL_S, PICTURES_GOAL_S = 50, 1, 5


@dataclass(frozen=True, slots=True)
class Waits:
    """Seconds from Enter, and what the engine alone took for the same plan."""

    step_s: float
    preview_s: float
    pictures_s: float
    bare_step_s: float
    bare_grid_s: float


def run(stage: Stage, *, quick: bool) -> list[Line]:
    """One job at a time on an idle warm worker, as its owner's page sees it."""
    words = "a red boat --quality .25" if quick else "a red boat"
    waits = [_one(stage, f"{words} --seed {number}") for number in range(3 if quick else 20)]
    beyond_ms = [(wait.step_s - wait.bare_step_s) * 1000 for wait in waits]
    grids = [wait.pictures_s / wait.bare_grid_s for wait in waits]
    first = "Enter → first step on the page, beyond the engine's own"
    return [
        Line(name=f"{first}, p50", value=percentile(beyond_ms, 50), unit="ms", goal=FIRST_STEP_GOAL_MS, better="less"),
        Line(name=f"{first}, p95", value=percentile(beyond_ms, 95), unit="ms", spread=span(beyond_ms)),
        _seconds("Enter → first preview, p95", [wait.preview_s for wait in waits], PREVIEW_GOAL_S),
        _seconds("Enter → pictures, p95", [wait.pictures_s for wait in waits], PICTURES_GOAL_S),
        Line(name="Enter → pictures ÷ the engine's grid", value=median(grids), unit="x", spread=span(grids)),
    ]


def _one(stage: Stage, prompt: str) -> Waits:
    step_s = preview_s = pictures_s = 0.0
    entered_at = time.monotonic()
    job_id = stage.program.imagine(prompt)
    while not pictures_s:
        snapshot = stage.next_snapshot()
        now_s = time.monotonic() - entered_at
        if snapshot["job_id"] != job_id:
            continue
        if snapshot["step"] and not step_s:
            step_s = now_s
        if snapshot["preview"] and not preview_s:
            preview_s = now_s
        if snapshot["state"] == "succeeded":
            pictures_s = now_s
    bare = stage.bare.paint([stage.plan_of(job_id)])
    return Waits(step_s, preview_s, pictures_s, bare.first_step_s, bare.all_s)


def _seconds(name: str, values: list[float], goal_s: float) -> Line:
    return Line(name=name, value=percentile(values, 95), unit="s", spread=span(values), goal=goal_s, better="less")
