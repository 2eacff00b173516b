"""One person, sixteen people, and sixteen of unequal wishes: the engine against the stock pipeline."""

from __future__ import annotations

import random
from collections.abc import Sequence
from statistics import fmean
from typing import Any

from bench.engine.duel import Side, duel, duels
from bench.engine.house import House, plan, seconds
from bench.table import Line
from generation.contracts import RenderPlan

PEOPLE, STEPS = 16, 10
PIPELINE_BATCH = 8
STATIC_BATCHES = (4, 8)
MIXED_STEPS, MIXED_GUIDANCE = (8, 12, 20, 30), (3.0, 4.0, 5.0, 7.0)


def run(house: House, *, quick: bool) -> list[Line]:
    """Identical wishes: throughput with one, sixteen in turn, and sixteen in the pipeline's own batches."""
    from bench.engine.stock import Stock, levels_apart  # noqa: PLC0415 - torch is loaded for engine benches only

    stock = Stock(house.family)
    steps = 2 if quick else STEPS
    one, many = [plan(0, steps=steps)], [plan(person, steps=steps) for person in range(PEOPLE)]
    [[ours]], [theirs] = house.paint(one).pictures, stock.paint(one)
    remark = f"pictures {levels_apart(ours, theirs):.2g} of 255 levels apart"
    alone = duel(lambda: house.paint(one).all_s, _in_calls(stock, one, 1), quick=quick)
    others = {"in turn": _in_calls(stock, many, 1), "batched": _in_calls(stock, many, PIPELINE_BATCH)}
    crowd = duels(lambda: house.paint(many).all_s, others, quick=quick)
    return [
        alone.line("engine-vs-diffusers-1", 1.0, remark=remark),
        crowd["in turn"].line("engine-vs-diffusers-16", 1.45),
        crowd["batched"].line("engine-vs-batched-diffusers", 0.97, remark=f"calls of {PIPELINE_BATCH}"),
    ]


def run_mixed(house: House, *, quick: bool) -> list[Line]:
    """Unequal wishes, in the order in which they come, against static batches and against one after the other.

    A call of the pipeline has one number of steps and one guidance: a static batch takes the most steps of its members,
    and for its guidance any number does.
    """
    from bench.engine.stock import Stock  # noqa: PLC0415

    stock = Stock(house.family)
    plans = mixed_plans(quick=quick)
    others = {str(size): _in_calls(stock, plans, size) for size in (*STATIC_BATCHES, 1)}
    done = duels(lambda: house.paint(plans).all_s, others, quick=quick)
    lines = [done[str(size)].line(f"mixed-steps, static batches of {size}", 1.5) for size in STATIC_BATCHES]
    return [*lines, done["1"].line("mixed-steps, in turn", 1.2)]


def _in_calls(stock: Any, plans: Sequence[RenderPlan], size: int) -> Side:
    """The pipeline, called for so many plans at a time."""
    calls = [plans[first : first + size] for first in range(0, len(plans), size)]
    return lambda: seconds(lambda: [stock.paint(call, **_one_for_all(call)) for call in calls])


def mixed_plans(*, quick: bool) -> list[RenderPlan]:
    """As many of each number of steps, shuffled."""
    chance = random.Random(0)
    repeats = 1 if quick else PEOPLE // len(MIXED_STEPS)
    wishes = [
        (steps, guidance) for steps, guidance in zip(MIXED_STEPS, MIXED_GUIDANCE, strict=True) for _ in range(repeats)
    ]
    chance.shuffle(wishes)
    return [plan(person, steps=steps, guidance=guidance) for person, (steps, guidance) in enumerate(wishes)]


def _one_for_all(call: Sequence[RenderPlan]) -> dict[str, float]:
    return {
        "steps": max(each.stages[0].steps for each in call),
        "guidance": fmean(each.guidance for each in call),
    }
