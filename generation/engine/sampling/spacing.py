"""Which steps a run takes: its timesteps and its sigmas.

Schedulers differ in how they divide the same range: Euler's and DDIM's take both of its ends, the DPM solvers take
one point more and leave the last away. The names are those of diffusers' `timestep_spacing`.

Source: Lin et al. 2023, "Common Diffusion Noise Schedules and Sample Steps are Flawed", table 2 (spacings); Karras et
al. 2022, "Elucidating the Design Space of Diffusion-Based Generative Models", equation 5 (karras); Crowson's
k-diffusion, `get_sigmas_exponential` (exponential).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np

from generation.engine.sampling.betas import Floats
from generation.engine.sampling.schedules import Curve, NoiseSchedule, shifted, with_clean_end

RHO: Final = 7.0
"""How much more often the Karras curve steps near the clean picture; the paper's choice."""


class Visited(NamedTuple):
    """The steps of a whole run.

    timesteps: (steps,), falling.
    sigmas: (steps + 1,), falling; the last is the 0 of a clean picture.
    """

    timesteps: list[float]
    sigmas: list[float]

    def after(self, first: int) -> Iterator[tuple[float, float, float]]:
        """Timestep, sigma and following sigma of each step from number `first`."""
        return zip(self.timesteps[first:], self.sigmas[first:-1], self.sigmas[first + 1 :], strict=True)


def start_index(steps: int, strength: float) -> int:
    """The first step of a pass at this strength: about the last `strength * steps` steps run, at least one."""
    return steps - max(1, min(int(steps * strength), steps))


def is_second_order(i: int, first: int, sigmas: list[float]) -> bool:
    """Whether step `i` of a multistep solver leans on the estimate before: the first and the last step do not.

    Nor do steps where the sigmas do not fall, as in a run about as long as the training.
    """
    return first < i < len(sigmas) - 2 and sigmas[i - 1] > sigmas[i] > sigmas[i + 1]


def visit_ends(schedule: NoiseSchedule, steps: int) -> Visited:
    """As Euler's schedulers do; timesteps may be fractional. A curve runs between the ends of the plain spacing."""
    timesteps = _between_ends(schedule, steps).astype(np.float32).astype(np.float64)
    sigmas = schedule.sigmas_at(timesteps)
    if schedule.curve is not None:
        curved = _on_curve(schedule.curve, sigmas[0], sigmas[-2], steps)
        timesteps, sigmas = _timesteps_of(schedule, curved), with_clean_end(curved)
    return Visited(timesteps.tolist(), sigmas.tolist())


def visit_intervals(schedule: NoiseSchedule, steps: int) -> Visited:
    """As the DPM solvers' and UniPC's schedulers do; timesteps are whole. A curve runs over all trained sigmas."""
    if schedule.curve is None:
        timesteps = _before_intervals(schedule, steps)
        return Visited(timesteps.tolist(), schedule.sigmas_at(timesteps).tolist())
    curved = _on_curve(schedule.curve, schedule.sigmas[-1], schedule.sigmas[0], steps)
    timesteps = _timesteps_of(schedule, curved)
    whole = timesteps.round() if schedule.curve == "karras" else np.floor(timesteps)
    return Visited(whole.tolist(), with_clean_end(curved).tolist())


def whole_timesteps(schedule: NoiseSchedule, steps: int) -> list[int]:
    """As DDIM's scheduler does, leading by default; (steps,), falling, each a training step. A curve does not apply."""
    last = len(schedule.sigmas) - 1
    if not schedule.names_spacing:
        schedule = schedule.spaced("leading")
    return [min(int(timestep), last) for timestep in _between_ends(schedule, steps).round()]


def visit_flow(schedule: NoiseSchedule, steps: int) -> Visited:
    """As flow matching's scheduler does: even steps from 1, shifted; to the last trained sigma or one step before 0."""
    count = len(schedule.sigmas)
    last = 1 / steps if schedule.spacing == "trailing" else schedule.sigmas[0]
    sigmas = with_clean_end(shifted(np.linspace(1.0, last, steps), schedule.shift))
    return Visited((sigmas[:-1] * count).tolist(), sigmas.tolist())


def sigma_start(schedule: NoiseSchedule, sigma: float, strength: float) -> float:
    """Noise scale at which Euler's schedulers begin: the first sigma.

    A leading schedule begins below full noise and makes up for the missing signal.
    """
    return unit_start(sigma, strength) if schedule.spacing == "leading" else sigma


def unit_start(sigma: float, strength: float) -> float:
    """Noise scale at which the other schedulers begin: noise has unit variance as the network sees it, x / hypot."""
    return math.hypot(sigma, 1) if strength == 1 else sigma


def _between_ends(schedule: NoiseSchedule, steps: int) -> Floats:
    """(steps,), falling; from the first to the last training step, where the spacing reaches them."""
    count = len(schedule.sigmas)
    if schedule.spacing == "trailing":
        return _trailing(count, steps)
    if schedule.spacing == "leading":
        return np.arange(steps, dtype=np.float64)[::-1] * (count // steps) + schedule.steps_offset
    return np.linspace(0, count - 1, steps)[::-1]


def _before_intervals(schedule: NoiseSchedule, steps: int) -> Floats:
    """(steps,), falling; the upper ends of as many intervals."""
    count = len(schedule.sigmas)
    if schedule.spacing == "trailing":
        return _trailing(count, steps)
    if schedule.spacing == "leading":
        return np.arange(1, steps + 1, dtype=np.float64)[::-1] * (count // (steps + 1)) + schedule.steps_offset
    return np.linspace(0, count - 1, steps + 1).round()[::-1][:-1]


def _trailing(count: int, steps: int) -> Floats:
    """(steps,), falling from the very last training step; rounding may give one too many."""
    spaced = np.arange(count, 0, -count / steps).round() - 1
    return spaced[:steps]


def _on_curve(curve: Curve, highest: float, lowest: float, steps: int) -> Floats:
    """(steps,), falling from the highest sigma to the lowest."""
    if curve == "karras":
        roots: Floats = np.linspace(highest ** (1 / RHO), lowest ** (1 / RHO), steps)
        return roots**RHO
    return np.asarray(np.exp(np.linspace(math.log(highest), math.log(lowest), steps)))


def _timesteps_of(schedule: NoiseSchedule, sigmas: Floats) -> Floats:
    """Timesteps that lie among the trained ones as these sigmas do, by their logarithms; (steps,).

    The trained logarithms have 32 bits as in diffusers: the DPM solvers cut the result to whole numbers, and the last
    bit decides whether a curve that begins at the last training step is said to begin one before.
    """
    trained = np.log(schedule.sigmas.astype(np.float32))
    return np.interp(np.log(sigmas), trained, np.arange(len(trained)))
