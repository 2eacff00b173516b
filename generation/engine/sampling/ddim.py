"""Denoising diffusion implicit models; with eta 1 the ancestral sampling of DDPM.

Source: Song et al. 2021, "Denoising Diffusion Implicit Models", equations 12 and 16, in the variance-preserving form
of the paper. Equal to diffusers' DDIMScheduler without its clipping, which no latent model uses.
"""

from __future__ import annotations

import math

from generation.engine.sampling.preconditioning import variance_preserving
from generation.engine.sampling.schedules import NoiseSchedule
from generation.engine.sampling.spacing import start_index, whole_timesteps
from generation.engine.sampling.tables import Step, StepTable


def table(schedule: NoiseSchedule, steps: int, strength: float, eta: float) -> StepTable:
    """The coefficients of a run.

    Every step goes down by the same number of training steps, as in diffusers. Where the spacing does not divide the
    schedule evenly, the level it reaches is therefore not quite the one that the next step supposes.

    eta: 0 (nothing is random after the start) to 1.
    """
    timesteps = whole_timesteps(schedule, steps)
    alphas_cumprod = schedule.alphas_cumprod
    stride = len(alphas_cumprod) // steps
    rows = []
    for timestep in timesteps[start_index(steps, strength) :]:
        after = timestep - stride
        reached = float(alphas_cumprod[after]) if after >= 0 else schedule.final_alpha_cumprod
        rows.append(_step(schedule, timestep, float(alphas_cumprod[timestep]), reached, eta))
    begins = float(alphas_cumprod[int(rows[0].timestep)])
    start_sigma = 1.0 if strength == 1 else math.sqrt(1 - begins)
    return StepTable(tuple(rows), start_sigma, start_signal=math.sqrt(begins))


def _step(schedule: NoiseSchedule, timestep: int, alpha_cumprod: float, reached: float, eta: float) -> Step:
    """`x' = alpha' * D + direction * eps + sigma_eta * noise`, `eps = (x - alpha * D) / sigma`, sorted by x and D."""
    alpha, sigma = math.sqrt(alpha_cumprod), math.sqrt(1 - alpha_cumprod)
    variance = eta**2 * (1 - reached) / (1 - alpha_cumprod) * (1 - alpha_cumprod / reached)
    direction = math.sqrt(1 - reached - variance)
    return Step(
        timestep,
        sigma / alpha if alpha else math.inf,
        *variance_preserving(schedule.prediction, alpha_cumprod),
        a=direction / sigma,
        b=math.sqrt(reached) - direction * alpha / sigma,
        d=math.sqrt(variance),
        signal=alpha,
    )
