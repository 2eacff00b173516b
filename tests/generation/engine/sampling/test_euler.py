"""Euler's method and its ancestral form, against diffusers and against each other."""

import pytest
from diffusers import EulerAncestralDiscreteScheduler, EulerDiscreteScheduler
from hypothesis import given, settings
from hypothesis import strategies as st

from generation.engine.sampling.samplers import SAMPLERS
from tests.generation.engine.sampling.runs import CONFIGS, Case, cases, check, scheduler_of

# diffusers converts tensors in a way that numpy 2 has deprecated.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:diffusers")

PREDICTING_NO_SAMPLE = [name for name in CONFIGS if name != "sample-linear"]
"""What diffusers' ancestral scheduler is made for."""


@settings(max_examples=150, deadline=None)
@given(case=cases("euler"))
def test_euler_ends_where_diffusers_ends(case):
    check("euler", lambda: scheduler_of(EulerDiscreteScheduler, case), case)


@settings(max_examples=150, deadline=None)
@given(case=cases("euler_ancestral", configs=PREDICTING_NO_SAMPLE))
def test_euler_ancestral_ends_where_diffusers_ends(case):
    check("euler_ancestral", lambda: ancestral_scheduler(case), case)


def ancestral_scheduler(case: Case):
    """diffusers' ancestral scheduler knows no curves; k-diffusion's does, so it is given those of its sibling."""
    scheduler = scheduler_of(EulerAncestralDiscreteScheduler, case)
    sibling = scheduler_of(EulerDiscreteScheduler, case)
    scheduler.sigmas, scheduler.timesteps = sibling.sigmas, sibling.timesteps
    return scheduler


@settings(deadline=None)
@given(case=cases("euler_ancestral"))
def test_euler_ancestral_at_eta_0_is_euler(case):
    run = (case.schedule_of_model, case.steps, case.strength)
    assert SAMPLERS["euler_ancestral"](*run, 0.0) == SAMPLERS["euler"](*run)


@settings(deadline=None)
@given(case=cases("euler_ancestral"), eta=st.floats(0, 1))
def test_an_ancestral_step_reaches_the_same_noise_level_at_any_eta(case, eta):
    steps = SAMPLERS["euler_ancestral"](case.schedule_of_model, case.steps, case.strength, eta).steps
    for step, following in zip(steps, [*(step.sigma for step in steps[1:]), 0.0], strict=True):
        assert (step.a * step.sigma) ** 2 + step.d**2 == pytest.approx(following**2, rel=1e-9)
        assert step.d == pytest.approx(eta * following * (1 - (following / step.sigma) ** 2) ** 0.5)
