"""What is refused, and with which words; what plans say."""

import math

import pytest

from generation.contracts import SAMPLER_TITLES, SCHEDULE_TITLES, RenderPlan, RenderRequest, Stage
from generation.engine.admission import admit
from generation.engine.checks import BadPlanError
from generation.engine.sampling.samplers import SAMPLERS
from generation.engine.sampling.schedules import NoiseSchedule
from tests.generation.engine.fakes import Ear, FakeFamily, plan

LONG = (Stage(width_px=64, height_px=64, steps=51),)


def flow_family() -> FakeFamily:
    family = FakeFamily()
    family.schedule = NoiseSchedule.from_config({"_class_name": "FlowMatchEulerDiscreteScheduler"})
    return family


def admitted(family: FakeFamily, **changes):
    return admit(RenderRequest(request_id="a", plan=plan(**changes)), Ear(), family, iter(range(9)))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"sampler": "heun"}, "no sampler heun"),
        ({"sampler": "flow_euler"}, "Flow Euler samples flow-matching networks only"),
        ({"sampler": "lcm", "schedule": "karras"}, "LCM has no schedule Karras; it takes: the model's own."),
        ({"sampler": "ddim", "schedule": "exponential"}, "DDIM has no schedule Exponential"),
        ({"sampler": "lcm", "stages": LONG}, "LCM takes at most 50 steps"),
        ({"schedule": "beta"}, "no schedule beta"),
        ({"sampler": "euler", "eta": 0.5}, "Euler has no eta"),
        ({"sampler": "unipc", "eta": 0.0}, "UniPC has no eta"),
        ({"sampler": "ddim", "eta": 1.1}, "from 0 to 1"),
        ({"sampler": "ddim", "eta": -0.1}, "from 0 to 1"),
        ({"sampler": "ddim", "eta": math.nan}, "from 0 to 1"),
    ],
)
def test_a_combination_that_means_nothing_is_refused_in_a_sentence(changes, said):
    with pytest.raises(BadPlanError, match=said):
        admitted(FakeFamily(), **changes)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"sampler": "dpmpp_2m"}, r"DPM\+\+ 2M does not sample flow-matching networks"),
        ({"sampler": "flow_euler", "schedule": "karras"}, "Flow Euler has no schedule Karras"),
        ({"sampler": "flow_euler", "schedule": "leading"}, "Flow Euler has no schedule Leading"),
    ],
)
def test_a_flow_matching_network_takes_its_own_sampler_and_spacings(changes, said):
    with pytest.raises(BadPlanError, match=said):
        admitted(flow_family(), **changes)
    assert admitted(flow_family(), sampler="flow_euler", schedule="trailing").steps == 5


@pytest.mark.parametrize("name", [name for name in SAMPLERS if name != "flow_euler"])
def test_every_schedule_that_a_sampler_has_reaches_its_table(name):
    for wanted in SAMPLERS[name].schedules:
        table = admitted(FakeFamily(), sampler=name, schedule=wanted).trajectories[0].table
        assert table == SAMPLERS[name](FakeFamily().schedule.spaced(wanted), 5, 1.0)


@pytest.mark.parametrize("name", ["euler_ancestral", "ddim", "dpmpp_2m_sde"])
def test_eta_reaches_the_table(name):
    tables = [admitted(FakeFamily(), sampler=name, eta=eta).trajectories[0].table for eta in (0.0, 0.5, 1.0)]
    drawn = [sum(step.d for step in table.steps) for table in tables]
    assert drawn[0] == 0 < drawn[1] < drawn[2]


def test_a_plan_of_before_schedules_and_eta_is_read_with_what_it_meant():
    stored = plan().to_json()
    del stored["schedule"], stored["eta"]
    assert RenderPlan.from_json(stored) == plan()
    assert (plan().schedule, plan().eta) == ("model", 1.0)


def test_a_plan_keeps_its_schedule_and_eta():
    asked = plan(sampler="ddim", schedule="trailing", eta=0.25)
    assert RenderPlan.from_json(asked.to_json()) == asked


def test_titles_are_told_apart():
    assert len(set(SAMPLER_TITLES.values())) == len(SAMPLER_TITLES)
    assert {name for sampler in SAMPLERS.values() for name in sampler.schedules} == set(SCHEDULE_TITLES)
