"""Euler's method on the probability-flow ODE.

Source: Karras et al. 2022, "Elucidating the Design Space of Diffusion-Based Generative Models", algorithm 2
without churn. Equal to diffusers' EulerDiscreteScheduler.
"""

from __future__ import annotations

import numpy as np

from generation.engine.sampling.schedules import Floats, NoiseSchedule, start_index, trailing_timesteps
from generation.engine.sampling.tables import Step, StepTable


def timesteps(schedule: NoiseSchedule, steps: int) -> Floats:
    """The timesteps that a run of this length visits; (steps,), falling."""
    count = len(schedule.sigmas)
    if schedule.spacing == "trailing":
        return trailing_timesteps(count, steps)
    if schedule.spacing == "leading":
        return np.arange(steps, dtype=np.float64)[::-1] * (count // steps) + schedule.steps_offset
    return np.linspace(0, count - 1, steps, dtype=np.float32)[::-1].astype(np.float64)


def table(schedule: NoiseSchedule, steps: int, strength: float) -> StepTable:
    """The coefficients of a run: `x' = x + (sigma' - sigma) * (x - D) / sigma`, sorted by x and D."""
    visited = timesteps(schedule, steps)
    sigmas = schedule.sigmas_at(visited)
    first = start_index(steps, strength)
    rows = []
    for i in range(first, steps):
        ratio = sigmas[i + 1] / sigmas[i]
        rows.append(Step(float(visited[i]), float(sigmas[i]), a=float(ratio), b=float(1 - ratio)))
    return StepTable(tuple(rows), _start_sigma(schedule, float(sigmas[first]), strength))


def _start_sigma(schedule: NoiseSchedule, sigma: float, strength: float) -> float:
    """Noise scale of the start; a leading schedule begins below full noise and makes up for the missing signal."""
    if strength == 1 and schedule.spacing == "leading":
        return float(np.hypot(sigma, 1))
    return sigma
