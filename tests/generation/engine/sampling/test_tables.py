"""What holds for every table, whatever the sampler."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generation.contracts import SAMPLER_TITLES
from generation.engine.sampling.samplers import SAMPLERS
from generation.engine.sampling.schedules import NoiseSchedule
from tests.generation.engine.sampling.runs import CONFIGS, SD1, STARTER

FLOW = {"_class_name": "FlowMatchEulerDiscreteScheduler", "shift": 3.0}


def schedule_for(name: str, config: dict = STARTER) -> NoiseSchedule:
    return NoiseSchedule.from_config(FLOW if SAMPLERS[name].is_for_flow else config)


def test_every_sampler_that_a_plan_may_name_is_there():
    assert [*SAMPLERS, "own"] == list(SAMPLER_TITLES)  # a whole pipeline brings its own


@pytest.mark.parametrize("name", SAMPLERS)
@settings(max_examples=50, deadline=None)
@given(config=st.sampled_from(sorted(CONFIGS)), steps=st.integers(1, 50), eta=st.sampled_from([0.0, 0.5, 1.0]))
def test_a_perfect_network_is_followed_to_its_picture(name, config, steps, eta):
    """Whatever x is made of, a network that knows the picture brings it there, but for the noise DDIM may end with."""
    schedule = schedule_for(name, CONFIGS[config])
    for wanted in SAMPLERS[name].schedules:
        table = SAMPLERS[name](schedule.spaced(wanted), steps, 1.0, eta)
        x, target = 3.0 * table.start_sigma, 0.25
        for step in table.steps:
            x = step.a * x + (step.b + step.c + step.e) * target
        remains = table.steps[-1].a * 100
        assert x == pytest.approx(target, abs=1e-6 + remains)


@pytest.mark.parametrize("name", SAMPLERS)
@pytest.mark.parametrize("config", CONFIGS)
def test_a_network_is_seen_at_unit_variance_and_understood(name, config):
    """A network that answers truly about `signal * clean + sigma * noise` is understood to say `clean`."""
    schedule = schedule_for(name, CONFIGS[config])
    clean, noise = 0.7, -1.3
    for step in SAMPLERS[name](schedule, 9, 1.0).steps:
        signal = 1 / math.hypot(1, step.sigma) if math.isfinite(step.sigma) else 0.0
        if schedule.prediction == "flow":
            signal = 1 / (1 + step.sigma)
        sigma = 1 - signal if schedule.prediction == "flow" else math.sqrt(1 - signal**2)
        truth = {
            "epsilon": noise, "sample": clean, "flow": noise - clean, "v_prediction": signal * noise - sigma * clean,
        }[schedule.prediction]  # fmt: skip
        x = (signal * clean + sigma * noise) / step.c_in
        assert step.c_skip * x + step.c_out * truth == pytest.approx(clean, abs=1e-9)


@pytest.mark.parametrize("steps", [*range(1, 151), 998, 999, 1000])
def test_a_run_has_as_many_steps_as_were_asked_for_and_finite_numbers(steps):
    for name, sampler in SAMPLERS.items():
        for config in (STARTER, CONFIGS["sd1-leading"]):
            schedule = schedule_for(name, config)
            if sampler.refusal(schedule, "model", steps=steps, eta=1.0) is None:
                table = sampler(schedule, steps, 1.0)
                assert len(table) == steps
                assert all(math.isfinite(number) for s in table.steps for number in (s.a, s.b, s.c, s.d, s.e, s.c_out))


@pytest.mark.parametrize(("strength", "run"), [(1.0, 20), (0.5, 10), (0.45, 9), (0.01, 1)])
@pytest.mark.parametrize("name", SAMPLERS)
def test_a_strength_runs_its_share_of_the_steps(name, strength, run):
    assert len(SAMPLERS[name](schedule_for(name, SD1), 20, strength)) == run


@pytest.mark.parametrize("name", SAMPLERS)
def test_the_last_step_draws_no_noise(name):
    assert SAMPLERS[name](schedule_for(name), 10, 1.0).steps[-1].d == 0
