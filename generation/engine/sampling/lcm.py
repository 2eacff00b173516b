"""Multistep sampling of a latent consistency model: estimate the clean latents, add noise for the next level.

Source: Luo et al. 2023, "Latent Consistency Models", algorithm 3 and section 4.3 (the timesteps), with the boundary
scalings of Song et al. 2023, "Consistency Models", appendix C, in the variance-preserving form of the papers. Equal to
diffusers' LCMScheduler without its clipping.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from generation.engine.sampling.preconditioning import variance_preserving
from generation.engine.sampling.schedules import NoiseSchedule
from generation.engine.sampling.spacing import start_index
from generation.engine.sampling.tables import Step, StepTable

SIGMA_DATA: Final = 0.5


def table(schedule: NoiseSchedule, steps: int, strength: float) -> StepTable:
    """The coefficients of a run of at most `schedule.distilled_steps` steps; the last adds no noise."""
    alphas_cumprod = schedule.alphas_cumprod
    timesteps = _timesteps(schedule, steps)[start_index(steps, strength) :]
    levels = [float(alphas_cumprod[timestep]) for timestep in timesteps]
    rows = [
        _step(schedule, timestep, level, following)
        for timestep, level, following in zip(timesteps, levels, [*levels[1:], 1.0], strict=True)
    ]
    start_sigma = 1.0 if strength == 1 else math.sqrt(1 - levels[0])
    return StepTable(tuple(rows), start_sigma, start_signal=math.sqrt(levels[0]))


def _timesteps(schedule: NoiseSchedule, steps: int) -> list[int]:
    """Evenly spaced among those that the model was distilled on; (steps,), falling."""
    stride = len(schedule.sigmas) // schedule.distilled_steps
    distilled = np.arange(schedule.distilled_steps, 0, -1) * stride - 1
    chosen = np.linspace(0, schedule.distilled_steps, steps, endpoint=False)
    return [int(timestep) for timestep in distilled[np.floor(chosen).astype(np.int64)]]


def _step(schedule: NoiseSchedule, timestep: int, alpha_cumprod: float, following: float) -> Step:
    """`x' = alpha' * (scale_out * D + scale_skip * x) + sigma' * noise`."""
    scaled = timestep * schedule.timestep_scaling
    scale_skip = SIGMA_DATA**2 / (scaled**2 + SIGMA_DATA**2)
    scale_out = scaled / math.hypot(scaled, SIGMA_DATA)
    alpha = math.sqrt(following)
    return Step(
        timestep,
        math.sqrt((1 - alpha_cumprod) / alpha_cumprod) if alpha_cumprod else math.inf,
        *variance_preserving(schedule.prediction, alpha_cumprod),
        a=alpha * scale_skip,
        b=alpha * scale_out,
        d=math.sqrt(1 - following),
        signal=math.sqrt(alpha_cumprod),
    )
