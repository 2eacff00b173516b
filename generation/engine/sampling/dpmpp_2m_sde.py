"""DPM-Solver++ of second order for the reverse SDE, multistep, midpoint form (DPM++ 2M SDE).

Source: Lu et al. 2022, "DPM-Solver++: Fast Solver for Guided Sampling of Diffusion Probabilistic Models", section 5
(SDE-DPM-Solver++), in the variance-exploding form, where exp(-h) is sigma' / sigma; eta as in Crowson's k-diffusion,
`sample_dpmpp_2m_sde`. At eta 1 equal to diffusers' DPMSolverMultistepScheduler with sde-dpmsolver++, order 2, midpoint
and a final sigma of zero; at eta 0 equal to `dpmpp_2m`.
"""

from __future__ import annotations

import math

from generation.engine.sampling.preconditioning import variance_exploding
from generation.engine.sampling.schedules import NoiseSchedule
from generation.engine.sampling.spacing import is_second_order, start_index, unit_start, visit_intervals
from generation.engine.sampling.tables import Step, StepTable


def table(schedule: NoiseSchedule, steps: int, strength: float, eta: float) -> StepTable:
    """The coefficients of a run; the first and the last step are of first order. eta: 0 (none is random) to 1."""
    timesteps, sigmas = visit_intervals(schedule, steps)
    first = start_index(steps, strength)
    rows = []
    for i in range(first, steps):
        previous = sigmas[i - 1] if is_second_order(i, first, sigmas) else None
        a, b, c, d = _coefficients(previous, sigmas[i], sigmas[i + 1], eta)
        network = variance_exploding(schedule.prediction, sigmas[i])
        rows.append(Step(timesteps[i], sigmas[i], *network, a=a, b=b, c=c, d=d))
    return StepTable(tuple(rows), unit_start(sigmas[first], strength))


def _coefficients(
    previous: float | None, sigma: float, following: float, eta: float
) -> tuple[float, float, float, float]:
    """a, b, c and d of one step; `previous` is None where there is no older estimate to lean on."""
    ratio = following / sigma
    shrinking = ratio ** (1 + eta)
    fresh = following * math.sqrt(1 - ratio ** (2 * eta)) if eta else 0.0
    if previous is None:
        return shrinking, 1 - shrinking, 0.0, fresh
    h, h_previous = math.log(sigma / following), math.log(previous / sigma)
    lean = (1 - shrinking) * h / (2 * h_previous)
    return shrinking, 1 - shrinking + lean, -lean, fresh
