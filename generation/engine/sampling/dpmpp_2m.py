"""DPM-Solver++ of second order, multistep, midpoint form (DPM++ 2M).

Source: Lu et al. 2022, "DPM-Solver++: Fast Solver for Guided Sampling of Diffusion Probabilistic Models",
algorithm 2, in the variance-exploding form, where exp(-h) is sigma' / sigma. Equal to diffusers'
DPMSolverMultistepScheduler with dpmsolver++, order 2, midpoint and a final sigma of zero.
"""

from __future__ import annotations

import math

from generation.engine.sampling.preconditioning import variance_exploding
from generation.engine.sampling.schedules import NoiseSchedule
from generation.engine.sampling.spacing import is_second_order, start_index, unit_start, visit_intervals
from generation.engine.sampling.tables import Step, StepTable


def table(schedule: NoiseSchedule, steps: int, strength: float) -> StepTable:
    """The coefficients of a run; the first and the last step are of first order."""
    timesteps, sigmas = visit_intervals(schedule, steps)
    first = start_index(steps, strength)
    rows = []
    for i in range(first, steps):
        network = variance_exploding(schedule.prediction, sigmas[i])
        ratio = sigmas[i + 1] / sigmas[i]
        lean = _lean(sigmas[i - 1], sigmas[i], sigmas[i + 1]) if is_second_order(i, first, sigmas) else 0.0
        rows.append(Step(timesteps[i], sigmas[i], *network, a=ratio, b=1 - ratio + lean, c=-lean))
    return StepTable(tuple(rows), unit_start(sigmas[first], strength))


def _lean(previous: float, sigma: float, following: float) -> float:
    """How far the estimate is carried on in the direction in which it changed last."""
    h, h_previous = math.log(sigma / following), math.log(previous / sigma)
    return (1 - following / sigma) * h / (2 * h_previous)
