"""Euler's method on the ODE of a flow-matching network (SD3, FLUX).

Source: Esser et al. 2024, "Scaling Rectified Flow Transformers for High-Resolution Image Synthesis", in the form
`x = (1 - sigma) * clean + sigma * noise` of the paper. Equal to diffusers' FlowMatchEulerDiscreteScheduler.
"""

from __future__ import annotations

import math

from generation.engine.sampling.preconditioning import flow_matching
from generation.engine.sampling.schedules import NoiseSchedule
from generation.engine.sampling.spacing import start_index, visit_flow
from generation.engine.sampling.tables import Step, StepTable


def table(schedule: NoiseSchedule, steps: int, strength: float) -> StepTable:
    """The coefficients of a run: `x' = x + (sigma' - sigma) * (x - D) / sigma`, sorted by x and D."""
    visited = visit_flow(schedule, steps)
    first = start_index(steps, strength)
    rows = []
    for timestep, sigma, following in visited.after(first):
        ratio = following / sigma
        per_signal = sigma / (1 - sigma) if sigma < 1 else math.inf
        rows.append(Step(timestep, per_signal, *flow_matching(sigma), a=ratio, b=1 - ratio, signal=1 - sigma))
    start = visited.sigmas[first]
    return StepTable(tuple(rows), start, start_signal=1 - start)
