"""LCM against diffusers."""

import pytest
from diffusers import LCMScheduler
from hypothesis import given, settings

from generation.engine.sampling.samplers import SAMPLERS
from generation.engine.sampling.schedules import NoiseSchedule
from tests.generation.engine.sampling.runs import SD1, cases, check, check_formulas, scheduler_of

# diffusers converts tensors in a way that numpy 2 has deprecated.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:diffusers")


@settings(max_examples=150, deadline=None)
@given(case=cases("lcm", most_steps=50))
def test_lcm_ends_where_diffusers_ends(case):
    table = SAMPLERS["lcm"](case.schedule_of_model, case.steps, case.strength)
    check_formulas(table, lambda: scheduler_of(LCMScheduler, case), case)


@settings(max_examples=50, deadline=None)
@given(case=cases("lcm", configs=["starter", "v-linspace", "sample-linear"], most_steps=50))
def test_lcm_is_near_to_diffusers_as_it_is(case):
    """Not so from epsilon, where a step goes all the way to the clean latents, which divides by alpha: a network that
    is not trained to bring that together again multiplies the rounding of the first step by up to 14 in each."""
    check("lcm", lambda: scheduler_of(LCMScheduler, case), case)


@pytest.mark.parametrize("distilled", [50, 40, 8])
def test_it_visits_the_timesteps_that_the_model_was_distilled_on(distilled):
    config = SD1 | {"original_inference_steps": distilled, "timestep_scaling": 5.0}
    scheduler = LCMScheduler.from_config(config)
    scheduler.set_timesteps(4)
    steps = SAMPLERS["lcm"](NoiseSchedule.from_config(config), 4, 1.0).steps
    assert [step.timestep for step in steps] == scheduler.timesteps.tolist()
    skip, out = scheduler.get_scalings_for_boundary_condition_discrete(steps[-1].timestep)
    assert (steps[-1].a, steps[-1].b, steps[-1].d) == (pytest.approx(skip), pytest.approx(out), 0.0)
