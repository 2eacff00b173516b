"""Several people's unequal jobs in common steps, against one after another."""

from __future__ import annotations

from dataclasses import asdict, replace
from statistics import median

from bench.bare import BareEngine
from bench.table import Line, span
from generation.contracts import PromptPart, RenderPlan, Stage

STEPS = (6, 12, 25, 25, 50)
GUIDANCES = (4.0, 2.4, 4.0, 7.0, 4.0)


def run(bare: BareEngine, *, quick: bool) -> list[Line]:
    """Single pictures of mixed steps and guidance, straight into the engine, so that nothing else counts."""
    steps = STEPS[:2] if quick else STEPS
    plans = [asdict(_plan(number, count)) for number, count in enumerate(steps)]
    ratios = []
    for _ in range(1 if quick else 5):
        apart_s = bare.paint(plans, together=False).all_s
        ratios.append(apart_s / bare.paint(plans).all_s)
    name = f"{len(steps)} people's mixed jobs together ÷ in turn, pictures/s"
    return [Line(name=name, value=median(ratios), unit="x", spread=span(ratios), goal=1.2)]


def _plan(person: int, steps: int) -> RenderPlan:
    plan = RenderPlan(
        checkpoint="starter",
        parts=(PromptPart(f"a red boat number {person}"),),
        guidance=GUIDANCES[person],
        sampler="dpmpp_2m",
        seeds=(person,),
        stages=(Stage(width_px=128, height_px=128, steps=steps),),
    )
    return replace(plan, negative_prompt="fog" if person % 2 else "")
