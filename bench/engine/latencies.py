"""How soon somebody joins a running engine, and how soon somebody is gone."""

from __future__ import annotations

import random
import time
from itertools import pairwise
from statistics import median

from bench.engine.house import House, Request, plan
from bench.table import Line, span

CROWD = 7
"""With the newcomer they fill one forward pass."""
JOIN_GOAL, CANCEL_GOAL = 2.0, 1.5


def run(house: House, *, quick: bool) -> list[Line]:
    """Both waits in steps of the crowd that is being painted meanwhile, at moments that fall anywhere in a step."""
    chance = random.Random(0)
    rounds = 2 if quick else 7
    joins, cancels = zip(*(_one_round(house, chance) for _ in range(rounds)), strict=True)
    return [_line("join-latency", list(joins), JOIN_GOAL), _line("cancel-latency", list(cancels), CANCEL_GOAL)]


def _one_round(house: House, chance: random.Random) -> tuple[float, float]:
    crowd = [house.ask(plan(person, steps=40)) for person in range(CROWD)]
    crowd[0].wait_for_steps(8)
    time.sleep(chance.random() * 0.1)
    asked_at = time.perf_counter()
    newcomer = house.ask(plan(100 + chance.randrange(10**6), steps=40))
    newcomer.wait_for_steps(1)
    join_s = newcomer.steps_at[0] - asked_at
    newcomer.wait_for_steps(8)
    time.sleep(chance.random() * 0.1)
    canceled_at = time.perf_counter()
    cancel_s = house.cancel(newcomer) - canceled_at
    step_s = _step_s(newcomer)
    for request in crowd:
        house.cancel(request)
    return join_s / step_s, cancel_s / step_s


def _step_s(request: Request) -> float:
    """Seconds of a step while all were there."""
    return median(later - earlier for earlier, later in pairwise(request.steps_at))


def _line(name: str, steps: list[float], goal: float) -> Line:
    middle = median(steps)
    ours = f"{middle:.2f} steps"
    return Line(name=name, value=middle, unit="steps", ours=ours, goal=goal, better="less", spread=span(steps))
