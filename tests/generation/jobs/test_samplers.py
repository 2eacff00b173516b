"""Which samplers and schedules a prompt may name: exactly those that the engine takes."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from generation.contracts import SamplerName, ScheduleName
from generation.engine.sampling.samplers import SAMPLERS
from generation.jobs.limits import MOST_LCM_STEPS
from generation.jobs.samplers import SCHEDULES, sampler_refusal, samplers_of, schedule_refusal
from tests.generation.jobs.test_planning import CARD

FLOW = replace(CARD, family="flux", sampler="flow_euler")


def schedule(prediction: str):
    """A noise schedule of the engine for this kind of network."""
    from generation.engine.sampling.schedules import NoiseSchedule

    if prediction == "flow":
        config = {"_class_name": "FlowMatchEulerDiscreteScheduler", "num_train_timesteps": 1000, "shift": 1.0}
    else:
        config = {
            "_class_name": "EulerDiscreteScheduler", "num_train_timesteps": 1000, "beta_start": 0.00085,
            "beta_end": 0.012, "beta_schedule": "scaled_linear", "prediction_type": prediction,
        }  # fmt: skip
    return NoiseSchedule.from_config(config)


@pytest.mark.parametrize(("card", "prediction"), [(CARD, "epsilon"), (FLOW, "flow")])
@pytest.mark.parametrize("sampler", SAMPLERS)
def test_a_sampler_is_refused_exactly_where_the_engine_refuses_it(card, prediction, sampler):
    engines = SAMPLERS[sampler].refusal(schedule(prediction), "model", steps=20, eta=1.0)
    assert (sampler_refusal(card, sampler) is None) == (engines is None)


@pytest.mark.parametrize("wanted", get_args(ScheduleName))
@pytest.mark.parametrize("sampler", SAMPLERS)
def test_a_schedule_is_refused_exactly_where_the_engine_refuses_it(sampler, wanted):
    kind = schedule("flow" if SAMPLERS[sampler].is_for_flow else "epsilon")
    engines = SAMPLERS[sampler].refusal(kind, wanted, steps=20, eta=1.0)
    assert (schedule_refusal(sampler, wanted) is None) == (engines is None)


def test_every_sampler_is_known():
    assert set(SCHEDULES) == set(get_args(SamplerName))


def test_a_consistency_model_takes_so_many_steps():
    lcm, kind = SAMPLERS["lcm"], schedule("epsilon")
    assert lcm.refusal(kind, "model", steps=MOST_LCM_STEPS, eta=1.0) is None
    assert lcm.refusal(kind, "model", steps=MOST_LCM_STEPS + 1, eta=1.0)


def test_the_checkpoints_own_comes_first():
    assert samplers_of(CARD)[0] == "dpmpp_2m"
    assert samplers_of(FLOW) == ("flow_euler",)
