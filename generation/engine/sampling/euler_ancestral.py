"""Ancestral sampling with Euler's method: step further down than asked, then add noise up to the asked level.

Source: Crowson's k-diffusion, `sample_euler_ancestral`, after Song et al. 2021, "Score-Based Generative Modeling
through Stochastic Differential Equations" (ancestral sampling). At eta 1 equal to diffusers'
EulerAncestralDiscreteScheduler, at eta 0 equal to `euler`.
"""

from __future__ import annotations

import math

from generation.engine.sampling.preconditioning import variance_exploding
from generation.engine.sampling.schedules import NoiseSchedule
from generation.engine.sampling.spacing import sigma_start, start_index, visit_ends
from generation.engine.sampling.tables import Step, StepTable


def table(schedule: NoiseSchedule, steps: int, strength: float, eta: float) -> StepTable:
    """The coefficients of a run; eta, 0 to 1, is the share of the noise that is drawn anew."""
    visited = visit_ends(schedule, steps)
    first = start_index(steps, strength)
    rows = []
    for timestep, sigma, following in visited.after(first):
        sigma_down, sigma_up = _split(sigma, following, eta)
        ratio = sigma_down / sigma
        network = variance_exploding(schedule.prediction, sigma)
        rows.append(Step(timestep, sigma, *network, a=ratio, b=1 - ratio, d=sigma_up))
    return StepTable(tuple(rows), sigma_start(schedule, visited.sigmas[first], strength))


def _split(sigma: float, following: float, eta: float) -> tuple[float, float]:
    """The level that Euler's step goes down to and the noise that it then adds; squared they sum to the following's."""
    ratio = following / sigma
    sigma_up = eta * following * math.sqrt((1 - ratio) * (1 + ratio))
    return following * math.sqrt(1 - eta**2 * (1 - ratio) * (1 + ratio)), sigma_up
