"""Sixteen people on a GPU: the engine against the eager pipeline in turn and the compiled one in static batches."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch

from bench.engine.duel import Side, duels
from bench.engine.house import House, seconds
from bench.gpu.shapes import Built
from bench.gpu.stock import SEED, Stock
from bench.table import Line
from generation.contracts import PromptPart, RenderPlan
from generation.contracts import Stage as PlanStage
from generation.engine.flops import counting
from generation.engine.loop import Engine

PEOPLE = 16
MLPERF_PER_S = 2.37
"""SDXL pictures per second of one H200 in MLPerf's offline scenario, published."""
WARM_S = 150.0
"""The longest that the engine may compile in the background before it is measured as it then is."""


@dataclass(frozen=True, slots=True)
class Goals:
    """What a shape is to reach; None has no goal."""

    eager: float | None = None
    compiled: float | None = None
    useful: float | None = None
    mlperf: float | None = None


class Clock:
    """How much of the run's time is left."""

    def __init__(self, budget_s: float) -> None:
        self._ends_at = time.monotonic() + budget_s

    @property
    def left_s(self) -> float:
        """What is left of it."""
        return self._ends_at - time.monotonic()

    def has(self, wanted_s: float) -> bool:
        """Whether something that takes so long still fits."""
        return wanted_s < self.left_s


def run(built: Built, goals: Goals, rate_tflops: float, clock: Clock, *, repeats: int) -> Iterator[Line]:
    """The lines of one shape.

    rate_tflops: what this device multiplies in the same run.
    """
    name, is_gpu = built.shape.name, built.family.device.type == "cuda"
    flops = picture_flops(built)
    with _engine(built, compiles=is_gpu) as engine:
        plans = [_plan(built, number) for number in range(PEOPLE)]

        def ours() -> float:
            return engine.paint(plans).all_s

        if is_gpu:
            _warm_up(ours, clock)
        eager = Stock(built)
        others: dict[str, Side] = {"eager": lambda: seconds(lambda: [eager.paint(1) for _ in range(PEOPLE)])}
        if not is_gpu or clock.has(60):
            batch = built.shape.rows // 2
            compiled = Stock(built, compiles=is_gpu)
            for _ in range(2):
                compiled.paint(batch)  # compiles, and records its graphs
            others["compiled"] = lambda: seconds(lambda: [compiled.paint(batch) for _ in range(PEOPLE // batch)])
        done = duels(ours, others, quick=False, repeats=repeats)
        yield done["eager"].line(f"16 people against the eager pipeline in turn, {name}", goals.eager)
        if "compiled" in done:
            line = done["compiled"].line(f"16 people against the compiled pipeline, {name}", goals.compiled)
            yield line
        fastest_s = min(done["eager"].ours_s)
        yield _share(
            f"useful FLOP/s ÷ calibrated, {name}", PEOPLE * flops / fastest_s / 1e12, rate_tflops, goals.useful
        )
        if goals.mlperf is not None:
            yield _mlperf(PEOPLE / fastest_s, goals.mlperf, name)
        if is_gpu:
            yield _idle(ours, name)


def picture_flops(built: Built) -> float:
    """FLOPs of one guided picture, decoding included; a multiply-add counts as two."""
    family, shape = built.family, built.shape
    latents = torch.randn((2, *family.latent_shape(shape.side_px, shape.side_px)), device=family.device)
    with torch.inference_mode():
        with counting(family.denoisers) as steps:
            family.predict("base", latents, torch.full((2,), 500.0, device=family.device), built.told.repeated(2))
        with counting([built.parts["vae"].decoder]) as decoding:
            family.decode(latents[:1])
    return 2 * shape.steps * steps.flops / steps.rows + decoding.flops


@contextmanager
def _engine(built: Built, *, compiles: bool) -> Iterator[House]:
    """An engine on these networks, with previews as the product paints them."""
    made = Engine(lambda _: built.family, max_rows=built.shape.rows, accelerates=compiles)
    made.start()
    try:
        made.warm("random")
        yield House(made, built.family)
    finally:
        made.stop(timeout_s=60)


def _warm_up(ours: Side, clock: Clock) -> None:
    """Paint until the engine has found its faster ways: until two rounds take as long, after the first three."""
    most_s, began = min(WARM_S, clock.left_s / 3), time.monotonic()
    rounds = [ours() for _ in range(3)]
    while time.monotonic() - began < most_s:
        rounds.append(ours())
        if rounds[-1] < 0.9 * rounds[0] and abs(rounds[-1] - rounds[-2]) < 0.03 * rounds[-1]:
            return


def _plan(built: Built, number: int) -> RenderPlan:
    side = built.shape.side_px
    return RenderPlan(
        checkpoint="random",
        parts=(PromptPart("anything"),),
        guidance=built.shape.guidance,
        sampler="euler",
        seeds=(SEED + number,),
        stages=(PlanStage(width_px=side, height_px=side, steps=built.shape.steps),),
    )


def _share(name: str, tflops: float, rate_tflops: float, goal: float | None) -> Line:
    ours, theirs = f"{tflops:.3g} TFLOP/s", f"{rate_tflops:.3g} TFLOP/s"
    return Line(name=name, value=tflops / rate_tflops, unit="x", ours=ours, theirs=theirs, goal=goal)


def _mlperf(pictures_per_s: float, goal: float, name: str) -> Line:
    ours, theirs = f"{pictures_per_s:.3g} /s", f"{MLPERF_PER_S} /s, published"
    title = f"pictures/s ÷ MLPerf's on one H200, {name}"
    return Line(name=title, value=pictures_per_s / MLPERF_PER_S, unit="x", ours=ours, theirs=theirs, goal=goal)


def _idle(ours: Side, name: str) -> Line:
    """The share of a round in which no kernel ran."""
    from torch.profiler import ProfilerActivity, profile  # noqa: PLC0415 - only on a GPU

    with profile(activities=[ProfilerActivity.CUDA]) as seen:
        ours()
    spans = sorted(
        (event.time_range.start, event.time_range.end)
        for event in seen.events()
        if event.device_type == torch.autograd.DeviceType.CUDA
    )
    return Line(name=f"idle share of the GPU, {name}", value=idle_share(spans), unit="x", goal=0.03, better="less")


def idle_share(spans: list[tuple[Any, Any]]) -> float:
    """The share of the time from the first to the last in which nothing ran; spans: from, to, sorted."""
    busy, end = 0.0, spans[0][0]
    for start, stop in spans:
        busy += max(0, stop - max(start, end))
        end = max(end, stop)
    return 1 - busy / (end - spans[0][0])
