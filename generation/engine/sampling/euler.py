"""Euler's method on the probability-flow ODE.

Source: Karras et al. 2022, "Elucidating the Design Space of Diffusion-Based Generative Models", algorithm 2
without churn. Equal to diffusers' EulerDiscreteScheduler.
"""

from __future__ import annotations

from generation.engine.sampling.preconditioning import variance_exploding
from generation.engine.sampling.schedules import NoiseSchedule
from generation.engine.sampling.spacing import sigma_start, start_index, visit_ends
from generation.engine.sampling.tables import Step, StepTable


def table(schedule: NoiseSchedule, steps: int, strength: float) -> StepTable:
    """The coefficients of a run: `x' = x + (sigma' - sigma) * (x - D) / sigma`, sorted by x and D."""
    visited = visit_ends(schedule, steps)
    first = start_index(steps, strength)
    rows = []
    for timestep, sigma, following in visited.after(first):
        ratio = following / sigma
        network = variance_exploding(schedule.prediction, sigma)
        rows.append(Step(timestep, sigma, *network, a=ratio, b=1 - ratio))
    return StepTable(tuple(rows), sigma_start(schedule, visited.sigmas[first], strength))
