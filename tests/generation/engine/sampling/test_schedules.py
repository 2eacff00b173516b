"""Which steps a run takes, against diffusers, and which schedules are read."""

import pytest
from diffusers import DDIMScheduler, DPMSolverMultistepScheduler, EulerDiscreteScheduler, UniPCMultistepScheduler

from generation.engine.sampling.samplers import SAMPLERS
from generation.engine.sampling.schedules import NoiseSchedule
from generation.errors import CheckpointInvalidError
from tests.generation.engine.sampling.runs import CONFIGS, SD1, Case, scheduler_of

# diffusers converts tensors in a way that numpy 2 has deprecated.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:diffusers")

CLASSES = {
    "euler": EulerDiscreteScheduler,
    "dpmpp_2m": DPMSolverMultistepScheduler,
    "unipc": UniPCMultistepScheduler,
    "ddim": DDIMScheduler,
}


@pytest.mark.parametrize("name", CLASSES)
@pytest.mark.parametrize("config", CONFIGS)
def test_the_timesteps_and_sigmas_are_those_of_diffusers(name, config):
    for wanted in SAMPLERS[name].schedules:
        for steps in range(1, 61):
            case = Case(config, wanted, steps, 1.0)
            scheduler = scheduler_of(CLASSES[name], case)
            table = SAMPLERS[name](case.schedule_of_model, steps, 1.0)
            got = [step.timestep for step in table.steps]
            assert got == pytest.approx(scheduler.timesteps.tolist(), rel=1e-6, abs=1e-4), (wanted, steps)
            if name != "ddim":
                sigmas = [step.sigma for step in table.steps]
                assert sigmas == pytest.approx(scheduler.sigmas.tolist()[:-1], rel=1e-6), (wanted, steps)


def test_trained_betas_are_taken_as_they_are():
    betas = [0.1, 0.2, 0.4]
    assert NoiseSchedule.from_config({"trained_betas": betas}).alphas_cumprod == pytest.approx([0.9, 0.72, 0.432])


def test_what_a_plan_asks_for_takes_the_place_of_what_the_model_has():
    own = NoiseSchedule.from_config(CONFIGS["sd1-karras"])
    assert own.curve == "karras"
    assert own.spaced("model") is own
    assert (own.spaced("trailing").curve, own.spaced("trailing").spacing) == (None, "trailing")
    assert own.spaced("exponential").curve == "exponential"


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"prediction_type": "flow_prediction"}, "flow_prediction"),
        ({"timestep_spacing": "random"}, "random"),
        ({"beta_schedule": "cosine"}, "cosine"),
    ],
)
def test_it_refuses_a_schedule_it_has_no_table_for(config, said):
    with pytest.raises(CheckpointInvalidError, match=said):
        NoiseSchedule.from_config(SD1 | config)
