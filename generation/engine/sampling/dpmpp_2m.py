"""DPM-Solver++ of second order, multistep, midpoint form (DPM++ 2M).

Source: Lu et al. 2022, "DPM-Solver++: Fast Solver for Guided Sampling of Diffusion Probabilistic Models",
algorithm 2, in the variance-exploding form, where exp(-h) is sigma' / sigma. Equal to diffusers'
DPMSolverMultistepScheduler with dpmsolver++, order 2, midpoint and a final sigma of zero.
"""

from __future__ import annotations

import math

import numpy as np

from generation.engine.sampling.schedules import Floats, NoiseSchedule, start_index, trailing_timesteps
from generation.engine.sampling.tables import Step, StepTable


def timesteps(schedule: NoiseSchedule, steps: int) -> Floats:
    """The timesteps that a run of this length visits; (steps,), falling."""
    count = len(schedule.sigmas)
    if schedule.spacing == "trailing":
        return trailing_timesteps(count, steps)
    if schedule.spacing == "leading":
        return np.arange(1, steps + 1, dtype=np.float64)[::-1] * (count // (steps + 1)) + schedule.steps_offset
    return np.linspace(0, count - 1, steps + 1).round()[::-1][:-1]


def table(schedule: NoiseSchedule, steps: int, strength: float) -> StepTable:
    """The coefficients of a run; the first and the last step are of first order."""
    visited = timesteps(schedule, steps)
    sigmas = [float(sigma) for sigma in schedule.sigmas_at(visited)]
    first = start_index(steps, strength)
    rows = []
    for i in range(first, steps):
        previous = sigmas[i - 1] if first < i < steps - 1 else None
        rows.append(_step(float(visited[i]), previous, sigmas[i], sigmas[i + 1]))
    # A start from noise has unit variance in the form that the network sees, x / sqrt(sigma^2 + 1).
    start_sigma = math.hypot(sigmas[first], 1) if strength == 1 else sigmas[first]
    return StepTable(tuple(rows), start_sigma)


def _step(timestep: float, previous: float | None, sigma: float, following: float) -> Step:
    """One row; `previous` is None where there is no older estimate to lean on."""
    ratio = following / sigma
    if previous is None:
        return Step(timestep, sigma, a=ratio, b=1 - ratio)
    h, h_previous = math.log(sigma / following), math.log(previous / sigma)
    lean = (1 - ratio) * h / (2 * h_previous)
    return Step(timestep, sigma, a=ratio, b=1 - ratio + lean, c=-lean)
