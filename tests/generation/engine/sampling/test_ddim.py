"""DDIM against diffusers, and where diffusers has no answer."""

import math

import pytest
from diffusers import DDIMScheduler
from hypothesis import given, settings
from hypothesis import strategies as st

from generation.engine.sampling.samplers import SAMPLERS
from generation.engine.sampling.schedules import NoiseSchedule
from tests.generation.engine.sampling.runs import (
    CONFIGS,
    SD1,
    STARTER,
    cases,
    check_as_it_is,
    check_formulas,
    scheduler_of,
)

# diffusers converts tensors in a way that numpy 2 has deprecated.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:diffusers")

NOT_FROM_NOISE_ALONE = [name for name in CONFIGS if name != "starter"]


@settings(max_examples=150, deadline=None)
@given(case=cases("ddim"), eta=st.sampled_from([0.0, 0.3, 0.9]))
def test_ddim_ends_where_diffusers_ends(case, eta):
    check_at(eta, case)


@settings(max_examples=50, deadline=None)
@given(case=cases("ddim", configs=NOT_FROM_NOISE_ALONE))
def test_ddim_at_eta_1_ends_where_diffusers_ends(case):
    check_at(1.0, case)


def check_at(eta, case):
    table = SAMPLERS["ddim"](case.schedule_of_model, case.steps, case.strength, eta)

    def scheduler():
        return scheduler_of(DDIMScheduler, case, clip_sample=False)

    check_formulas(table, scheduler, case, eta=eta)
    check_as_it_is(table, scheduler, case, eta=eta)


def test_ddim_at_eta_1_replaces_all_noise_where_it_begins_from_noise_alone():
    """diffusers takes the root of a rounding error there, which may be below 0."""
    first = SAMPLERS["ddim"](NoiseSchedule.from_config(STARTER), 50, 1.0, 1.0).steps[0]
    alpha_cumprod = NoiseSchedule.from_config(STARTER).alphas_cumprod[first.timestep - 20]
    assert (first.sigma, first.c_skip, first.c_out, first.a) == (math.inf, 0.0, -1.0, 0.0)
    assert first.b == pytest.approx(math.sqrt(alpha_cumprod))
    assert first.d == pytest.approx(math.sqrt(1 - alpha_cumprod))


def test_an_epsilon_network_is_never_asked_about_noise_alone():
    schedule = NoiseSchedule.from_config(SD1 | {"rescale_betas_zero_snr": True, "timestep_spacing": "trailing"})
    steps = SAMPLERS["ddim"](schedule, 10, 1.0, 0.0).steps
    assert steps[0].c_skip == pytest.approx(4096)
    assert all(math.isfinite(step.c_out) for step in steps)


def test_a_run_as_long_as_the_training_stays_within_it():
    schedule = NoiseSchedule.from_config(CONFIGS["sd1-leading"])
    steps = SAMPLERS["ddim"](schedule, 1000, 1.0, 0.0).steps
    assert (len(steps), steps[0].timestep, steps[-1].timestep) == (1000, 999, 1)
