import pytest

from generation.contracts import RenderPlan
from generation.engine.sampling.guidance_interval import WHOLE, is_inside, share_of
from generation.engine.sampling.samplers import SAMPLERS
from generation.engine.sampling.schedules import NoiseSchedule
from tests.generation.engine.fakes import plan

TRAILING = {"beta_schedule": "scaled_linear", "timestep_spacing": "trailing"}
LEADING = {"beta_schedule": "scaled_linear", "timestep_spacing": "leading", "steps_offset": 1}


def guided(interval, config, steps: int, strength: float = 1.0) -> list[bool]:
    """Which steps of a run are guided."""
    table = SAMPLERS["euler"](NoiseSchedule.from_config(config), steps, strength)
    return [is_inside(interval, step.timestep, 1000) for step in table.steps]


def test_evenly_spaced_steps_lie_at_their_shares_of_the_run():
    table = SAMPLERS["euler"](NoiseSchedule.from_config(TRAILING), 10, 1.0)
    assert [share_of(step.timestep, 1000) for step in table.steps] == [n / 10 for n in range(10)]


@pytest.mark.parametrize("steps", [1, 4, 10, 50, 1000])
@pytest.mark.parametrize("config", [TRAILING, LEADING, {"beta_schedule": "linear"}])
def test_the_whole_interval_holds_every_step(config, steps):
    assert all(guided(WHOLE, config, steps))


def test_it_begins_with_its_start_and_ends_before_its_end():
    assert guided((0.2, 0.7), TRAILING, 10) == [False] * 2 + [True] * 5 + [False] * 3
    assert guided((0.0, 0.3), TRAILING, 10) == [True] * 3 + [False] * 7
    assert guided((0.9, 1.0), TRAILING, 10) == [False] * 9 + [True]


def test_an_empty_interval_holds_no_step():
    assert not any(guided((0.3, 0.3), TRAILING, 10))


def test_it_means_the_same_noise_levels_in_a_stage_that_starts_from_a_picture():
    """Half of the noise: the stage begins in the middle of the interval and not before it."""
    assert guided((0.2, 0.7), TRAILING, 10, strength=0.5) == [True, True, False, False, False]


@pytest.mark.parametrize("steps", [10, 20, 40])
def test_it_takes_the_same_share_of_any_number_of_steps(steps):
    assert sum(guided((0.2, 0.7), TRAILING, steps)) == steps / 2


def test_a_plan_is_guided_from_beginning_to_end_unless_it_says_otherwise():
    assert plan().guidance_interval == WHOLE == RenderPlan.from_json(plan().to_json()).guidance_interval
