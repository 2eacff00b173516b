"""UniPC of second order, B2(h) form: a predictor, and a corrector that needs no further pass of the network.

The corrector takes the last step again with the estimate that was made at its end. Predictor and corrector begin at
the same x and scale it alike, so what the corrector changes is a sum of estimates alone, and correcting and
predicting on from there is one row over the last three estimates.

Source: Zhao et al. 2023, "UniPC: A Unified Predictor-Corrector Framework for Fast Sampling of Diffusion Models",
algorithms 1 and 2, in the variance-exploding form, where exp(-h) is sigma' / sigma. Equal to diffusers'
UniPCMultistepScheduler with order 2, bh2, data prediction and a final sigma of zero.
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
        now, once, twice = _corrector(i, first, sigmas)
        ahead, behind = _predictor(i, first, sigmas)
        b, c, e = ratio * now + ahead, ratio * once + behind, ratio * twice
        rows.append(Step(timesteps[i], sigmas[i], *network, a=ratio, b=b, c=c, e=e))
    return StepTable(tuple(rows), unit_start(sigmas[first], strength))


def _predictor(i: int, first: int, sigmas: list[float]) -> tuple[float, float]:
    """Weights of this estimate and of the one before in the step that comes."""
    share = 1 - sigmas[i + 1] / sigmas[i]
    if not is_second_order(i, first, sigmas):
        return share, 0.0
    r = -math.log(sigmas[i - 1] / sigmas[i]) / math.log(sigmas[i] / sigmas[i + 1])
    lean = share / (2 * r)
    return share - lean, lean


def _corrector(i: int, first: int, sigmas: list[float]) -> tuple[float, float, float]:
    """Weights of this estimate and of the two before in what corrects the step that was; they sum to 0."""
    if i == first:
        return 0.0, 0.0, 0.0
    share = 1 - sigmas[i] / sigmas[i - 1]
    if not is_second_order(i - 1, first, sigmas):
        return share / 2, -share / 2, 0.0
    h = math.log(sigmas[i - 1] / sigmas[i])
    r = -math.log(sigmas[i - 2] / sigmas[i - 1]) / h
    rho_before, rho_now = _rhos(h, r)
    lean = share * (rho_before - 0.5) / r  # the predictor leant by 1/2
    return share * rho_now, -share * rho_now - lean, lean


def _rhos(h: float, r: float) -> tuple[float, float]:
    """The corrector's weights: those that make it exact for estimates that are linear and quadratic in lambda.

    h: the step's length in lambda, the log of the signal per unit of noise.
    r: where the estimate before lies from its start, in steps; negative.
    """
    phi_2 = math.expm1(-h) / -h - 1
    phi_3 = phi_2 / -h - 0.5
    moment_1, moment_2 = phi_2 / math.expm1(-h), 2 * phi_3 / math.expm1(-h)
    rho_before = (moment_1 - moment_2) / (1 - r)
    return rho_before, moment_1 - rho_before
