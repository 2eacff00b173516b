"""Whole runs, by a diffusers scheduler and by a table, of the same network from the same noise."""

from __future__ import annotations

import math
import sys
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from unittest import mock

import torch
from hypothesis import strategies as st

from generation.engine.sampling.samplers import SAMPLERS
from generation.engine.sampling.schedules import NoiseSchedule
from generation.engine.sampling.spacing import start_index
from generation.engine.sampling.tables import StepTable

EXACT = 2e-7
"""Against the formulas of diffusers in 64 bits. Over 12,000 runs of all kinds up to 3e-8 was found with the timesteps
of curves, which Euler's schedulers round to 32 bits, and 2e-14 elsewhere."""
CLOSE = 1e-5
"""Against diffusers as it is, in 32 bits."""

STARTER = {
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "prediction_type": "v_prediction",
    "rescale_betas_zero_snr": True,
    "timestep_spacing": "trailing",
    "steps_offset": 1,
}
SD1 = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear", "prediction_type": "epsilon"}
CONFIGS: dict[str, dict[str, Any]] = {
    "starter": STARTER,
    "sd1-linspace": SD1 | {"timestep_spacing": "linspace"},
    "sd1-leading": SD1 | {"timestep_spacing": "leading", "steps_offset": 1, "set_alpha_to_one": False},
    "sd1-trailing": SD1 | {"timestep_spacing": "trailing"},
    "sd1-karras": SD1 | {"use_karras_sigmas": True},
    "v-linspace": STARTER | {"timestep_spacing": "linspace", "rescale_betas_zero_snr": False},
    "sample-linear": {"beta_start": 0.0001, "beta_end": 0.02, "beta_schedule": "linear", "prediction_type": "sample"},
}
NO_CURVE = {"use_karras_sigmas": False, "use_exponential_sigmas": False}
ASKED: dict[str, dict[str, Any]] = {
    "model": {},
    "karras": NO_CURVE | {"use_karras_sigmas": True},
    "exponential": NO_CURVE | {"use_exponential_sigmas": True},
    "linspace": NO_CURVE | {"timestep_spacing": "linspace"},
    "leading": NO_CURVE | {"timestep_spacing": "leading"},
    "trailing": NO_CURVE | {"timestep_spacing": "trailing"},
}
"""What each schedule of a plan is called in a scheduler's configuration."""


@dataclass(frozen=True)
class Case:
    """A run to be compared."""

    config: str
    schedule: str
    steps: int
    strength: float

    @property
    def schedule_of_model(self) -> NoiseSchedule:
        return NoiseSchedule.from_config(CONFIGS[self.config]).spaced(self.schedule)


def cases(name: str, *, configs: Iterable[str] = CONFIGS, most_steps: int = 60) -> st.SearchStrategy[Case]:
    """Any run that a sampler of this name takes."""
    strengths = st.sampled_from([1.0, 1.0, 0.9, 0.5, 0.31, 0.05])
    schedules = st.sampled_from(SAMPLERS[name].schedules)
    return st.builds(Case, st.sampled_from(sorted(configs)), schedules, st.integers(1, most_steps), strengths)


def scheduler_of(kind: type, case: Case, **more: Any) -> Any:
    """A diffusers scheduler that is about to take the run."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        scheduler = kind.from_config(CONFIGS[case.config] | ASKED[case.schedule] | more)
    scheduler.set_timesteps(case.steps)
    return scheduler


def network(x: torch.Tensor, timestep: float) -> torch.Tensor:
    """Stands for a U-Net: smooth, depends on the picture and on the time."""
    return 0.8 * torch.sin(1.3 * x) + 0.1 * math.cos(timestep / 150)


@dataclass(frozen=True)
class Noises:
    """What both runs are given: a start, a picture to start from, and fresh noise for every step."""

    start: torch.Tensor
    clean: torch.Tensor
    fresh: torch.Tensor

    def double(self) -> Noises:
        return Noises(self.start.double(), self.clean.double(), self.fresh.double())


def noises(seed: int) -> Noises:
    generator = torch.Generator().manual_seed(seed)
    return Noises(*torch.randn(2, 1, 64, generator=generator), torch.randn(60, 1, 64, generator=generator))


def theirs(scheduler: Any, case: Case, given: Noises, **to_step: Any) -> torch.Tensor:
    """A whole run of a diffusers scheduler, as its pipelines run it; the finished latents."""
    first = start_index(case.steps, case.strength)
    timesteps = scheduler.timesteps[first : case.steps]
    if hasattr(scheduler, "set_begin_index"):
        scheduler.set_begin_index(first)
    x = given.start * getattr(scheduler, "init_noise_sigma", 1.0)
    if case.strength < 1:
        x = _noised(scheduler, given, timesteps[:1])
    for number, timestep in enumerate(timesteps):
        seen = scheduler.scale_model_input(x, timestep) if hasattr(scheduler, "scale_model_input") else x
        with _drawing(scheduler, given.fresh[number]):
            x = scheduler.step(network(seen, float(timestep)), timestep, x, return_dict=False, **to_step)[0]
    return x


def theirs_in_64_bits(scheduler: Any, case: Case, given: Noises, **to_step: Any) -> torch.Tensor:
    """The same by the scheduler's formulas alone: from its sigmas of 32 bits on, everything is computed in 64."""
    for name in ("sigmas", "alphas_cumprod", "final_alpha_cumprod"):
        if hasattr(scheduler, name):
            setattr(scheduler, name, getattr(scheduler, name).double())
    usual = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    try:
        with mock.patch.object(torch, "float32", torch.float64):
            return theirs(scheduler, case, given.double(), **to_step)
    finally:
        torch.set_default_dtype(usual)


def _noised(scheduler: Any, given: Noises, timestep: torch.Tensor) -> torch.Tensor:
    if hasattr(scheduler, "scale_noise"):
        return scheduler.scale_noise(given.clean, timestep, given.start)
    return scheduler.add_noise(given.clean, given.start, timestep)


def _drawing(scheduler: Any, fresh: torch.Tensor) -> Any:
    """Let a scheduler that draws noise draw this."""
    module = sys.modules[type(scheduler).__module__]
    return mock.patch.multiple(module, create=True, randn_tensor=lambda *_, **__: fresh)


def ours(table: StepTable, strength: float, given: Noises) -> torch.Tensor:
    """The same run by a table, which knows by itself what the network predicts; in 64 bits."""
    given = given.double()
    x = given.start * table.start_sigma + (given.clean * table.start_signal if strength < 1 else 0)
    previous = before = torch.zeros_like(x)
    for number, step in enumerate(table.steps):
        denoised = step.c_skip * x + step.c_out * network(step.c_in * x, step.timestep)
        x = step.a * x + step.b * denoised + step.c * previous + step.d * given.fresh[number] + step.e * before
        previous, before = denoised, previous
    return x


def difference(got: torch.Tensor, expected: torch.Tensor) -> float:
    """Largest difference, in units of the larger of 1 and the largest latent."""
    assert torch.isfinite(got).all()
    assert torch.isfinite(expected).all()
    return float((got - expected).abs().max()) / max(1.0, float(expected.abs().max()))


def check(name: str, scheduler: Callable[[], Any], case: Case) -> None:
    """A table ends where diffusers ends: by its formulas, and as it is but for its own rounding.

    scheduler: makes one that is about to take the run.
    """
    table = SAMPLERS[name](case.schedule_of_model, case.steps, case.strength)
    check_formulas(table, scheduler, case)
    check_as_it_is(table, scheduler, case)


def check_formulas(
    table: StepTable, scheduler: Callable[[], Any], case: Case, *, within: float = EXACT, **to_step: Any
) -> None:
    """The table against the scheduler's formulas; to_step: what the scheduler's steps are told besides."""
    given = noises(case.steps)
    expected = theirs_in_64_bits(scheduler(), case, given, **to_step)
    assert difference(ours(table, case.strength, given), expected) <= within


def check_as_it_is(table: StepTable, scheduler: Callable[[], Any], case: Case, **to_step: Any) -> None:
    """The table against what people get from diffusers."""
    given, made = noises(case.steps), scheduler()
    allowed = CLOSE + (rounding_of_the_first_step(table, given) if "Euler" in type(made).__name__ else 0)
    assert difference(ours(table, case.strength, given), theirs(made, case, given, **to_step)) <= allowed


def rounding_of_the_first_step(table: StepTable, given: Noises) -> float:
    """What diffusers loses in 32 bits where a run begins at a high sigma (4096 at zero terminal SNR).

    Its Euler steps subtract two numbers of size sigma * noise from one another, so that what is left, of size
    hypot(sigma, 1) at the second sigma, is wrong by the rounding of the former; the later steps carry that on and add a
    little. Over 200 noises and 1 to 60 steps up to 4.3 such roundings were found, 3.2 of them beyond the general 1e-5.
    The other schedulers multiply instead of subtracting.
    """
    first, *later = table.steps
    left = math.hypot(later[0].sigma, 1) if later else 1.0
    sigma = first.sigma if math.isfinite(first.sigma) else 1.0  # a flow's numbers are never larger than its noise
    return 4 * torch.finfo(torch.float32).eps * sigma * float(given.start.abs().max()) / left
