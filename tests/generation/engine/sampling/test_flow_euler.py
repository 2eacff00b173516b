"""Euler's method on flow-matching networks, against diffusers."""

import numpy as np
import pytest
from diffusers import FlowMatchEulerDiscreteScheduler
from diffusers.pipelines.flux.pipeline_flux import calculate_shift
from hypothesis import given, settings
from hypothesis import strategies as st

from generation.engine.sampling.samplers import SAMPLERS
from generation.engine.sampling.schedules import NO_FLOW_TABLES, NoiseSchedule
from generation.errors import CheckpointInvalidError
from tests.generation.engine.sampling.runs import EXACT, Case, check_as_it_is, check_formulas

FLOW = {"_class_name": "FlowMatchEulerDiscreteScheduler", "num_train_timesteps": 1000}
SD3 = FLOW | {"shift": 3.0}
SCHNELL = FLOW | {"shift": 1.0, "max_shift": 1.15, "use_dynamic_shifting": False}
DEV = FLOW | {"shift": 3.0, "base_shift": 0.5, "max_shift": 1.15, "use_dynamic_shifting": True}
LINEAR = DEV | {"time_shift_type": "linear", "base_image_seq_len": 64, "max_image_seq_len": 1024}

step_counts = st.integers(1, 60)
strengths = st.sampled_from([1.0, 1.0, 0.9, 0.5, 0.31, 0.05])


def check_flow(schedule, scheduler, steps, strength, *, within=EXACT):
    table = SAMPLERS["flow_euler"](schedule, steps, strength)
    case = Case("", "model", steps, strength)
    check_formulas(table, scheduler, case, within=within)
    check_as_it_is(table, scheduler, case)


@settings(max_examples=100, deadline=None)
@given(config=st.sampled_from([FLOW, SD3, SCHNELL]), steps=step_counts, strength=strengths)
def test_a_static_shift_ends_where_diffusers_ends(config, steps, strength):
    def scheduler():
        made = FlowMatchEulerDiscreteScheduler.from_config(config)
        made.set_timesteps(steps)
        return made

    check_flow(NoiseSchedule.from_config(config), scheduler, steps, strength)


@settings(max_examples=100, deadline=None)
@given(
    config=st.sampled_from([SCHNELL, DEV, LINEAR]),
    size=st.tuples(st.integers(16, 130), st.integers(16, 130)),
    steps=step_counts,
    strength=strengths,
)
def test_a_run_of_flux_ends_where_its_pipeline_ends(config, size, steps, strength):
    height, width = 2 * size[0], 2 * size[1]

    def scheduler():
        made = FlowMatchEulerDiscreteScheduler.from_config(config)
        ends = (made.config.base_image_seq_len, made.config.max_image_seq_len)
        mu = calculate_shift(size[0] * size[1], *ends, made.config.base_shift, made.config.max_shift)
        made.set_timesteps(steps, sigmas=np.linspace(1.0, 1 / steps, steps), mu=mu)
        return made

    schedule = NoiseSchedule.from_config(config)
    if config is SCHNELL:
        schedule = schedule.spaced("trailing")
    # The sigmas that a pipeline hands over are shifted in 32 bits.
    check_flow(schedule.for_size(height, width), scheduler, steps, strength, within=2e-6)


def test_a_larger_picture_stays_longer_with_the_noise():
    schedule = NoiseSchedule.from_config(DEV)
    small, large = (SAMPLERS["flow_euler"](schedule.for_size(side, side), 8, 1.0) for side in (64, 128))
    assert small.steps[0].timestep == large.steps[0].timestep == 1000
    assert all(a.timestep < b.timestep for a, b in zip(small.steps[1:], large.steps[1:], strict=True))


def test_a_size_changes_nothing_where_the_shift_is_fixed():
    schedule = NoiseSchedule.from_config(SD3)
    assert schedule.for_size(64, 64) is schedule.for_size(128, 128) is schedule


@pytest.mark.parametrize("key", NO_FLOW_TABLES)
def test_it_refuses_a_flow_that_it_has_no_table_for(key):
    with pytest.raises(CheckpointInvalidError, match=key):
        NoiseSchedule.from_config(FLOW | {key: True})
