"""How long a plan keeps the engine, from what the last jobs of its checkpoint took."""

from __future__ import annotations

from typing import Final

from generation.contracts import RenderPlan
from generation.models import Checkpoint, Job, JobState

RECENT_JOBS: Final = 20


def work_of(plan: RenderPlan) -> float:
    """What its pictures are worth, in pixels through a network: sizes, steps, pictures, and rows per picture."""
    rows = len(plan.parts) + (plan.guidance != 1)
    steps = sum(stage.width_px * stage.height_px * stage.steps * stage.strength * stage.stop for stage in plan.stages)
    return len(plan.seeds) * rows * steps


def seconds_per_work(checkpoint: Checkpoint) -> float | None:
    """Engine time per work of the last finished jobs of a checkpoint; None while there are none."""
    recent = Job.objects.filter(state=JobState.SUCCEEDED, checkpoint=checkpoint).order_by("-finished_at")[:RECENT_JOBS]
    done = [(job.engine_ms, work_of(job.plan)) for job in recent.only("engine_ms", "plan_values")]
    work = sum(work for ms, work in done if ms)
    return sum(ms for ms, _ in done) / 1000 / work if work else None


def engine_s(plan: RenderPlan, per_work: float | None) -> float | None:
    """Seconds of the engine; None while nothing is known."""
    return None if per_work is None else round(work_of(plan) * per_work, 3)
