"""DPM++ 2M, its stochastic form, and UniPC, against diffusers and against each other."""

import pytest
from diffusers import DPMSolverMultistepScheduler, UniPCMultistepScheduler
from hypothesis import given, settings
from hypothesis import strategies as st

from generation.engine.sampling.samplers import SAMPLERS
from tests.generation.engine.sampling.runs import Case, cases, check, scheduler_of

# diffusers converts tensors in a way that numpy 2 has deprecated.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:diffusers")


@settings(max_examples=150, deadline=None)
@given(case=cases("dpmpp_2m"))
def test_dpmpp_2m_ends_where_diffusers_ends(case):
    check("dpmpp_2m", lambda: scheduler_of(DPMSolverMultistepScheduler, case), case)


@settings(max_examples=150, deadline=None)
@given(case=cases("dpmpp_2m_sde"))
def test_dpmpp_2m_sde_ends_where_diffusers_ends(case):
    check(
        "dpmpp_2m_sde",
        lambda: scheduler_of(DPMSolverMultistepScheduler, case, algorithm_type="sde-dpmsolver++"),
        case,
    )


@settings(max_examples=150, deadline=None)
@given(case=cases("unipc"))
def test_unipc_ends_where_diffusers_ends(case):
    check("unipc", lambda: scheduler_of(UniPCMultistepScheduler, case), case)


@settings(deadline=None)
@given(case=cases("dpmpp_2m_sde"))
def test_dpmpp_2m_sde_at_eta_0_is_dpmpp_2m(case):
    run = (case.schedule_of_model, case.steps, case.strength)
    assert SAMPLERS["dpmpp_2m_sde"](*run, 0.0) == SAMPLERS["dpmpp_2m"](*run)


@settings(deadline=None)
@given(case=cases("dpmpp_2m_sde"), eta=st.floats(0, 1))
def test_a_stochastic_step_reaches_the_same_noise_level_at_any_eta(case, eta):
    steps = SAMPLERS["dpmpp_2m_sde"](case.schedule_of_model, case.steps, case.strength, eta).steps
    for step, following in zip(steps, [*(step.sigma for step in steps[1:]), 0.0], strict=True):
        assert (step.a * step.sigma) ** 2 + step.d**2 == pytest.approx(following**2, rel=1e-9)


def test_unipc_leans_on_two_older_estimates_from_the_third_step_on():
    steps = SAMPLERS["unipc"](Case("starter", "model", 6, 1.0).schedule_of_model, 6, 1.0).steps
    assert [step.c != 0 for step in steps] == [False, True, True, True, True, False]
    assert [step.e != 0 for step in steps] == [False, False, True, True, True, False]
