"""The engine's own steps follow the tables, alone, in company, and after a step that failed."""

import pytest
import torch

from generation.contracts import Raster, Rendered, RenderRequest, Stage
from generation.engine import batching
from generation.engine.admission import admit
from generation.engine.sampling.samplers import SAMPLERS
from generation.engine.sampling.schedules import NoiseSchedule
from tests.generation.engine.fakes import Ear, FakeFamily, engine_on, finish, plan, submit, tick

DIFFUSION = [name for name, sampler in SAMPLERS.items() if not sampler.is_for_flow]
STOCHASTIC = ["euler_ancestral", "ddim", "dpmpp_2m_sde", "lcm"]
STAGES = (Stage(width_px=64, height_px=64, steps=7),)


class Listening(FakeFamily):
    """Remembers the latents that it decodes."""

    def __init__(self, schedule: NoiseSchedule | None = None) -> None:
        super().__init__()
        self.schedule = schedule or self.schedule
        self.decoded: list[torch.Tensor] = []

    def decode(self, latents: torch.Tensor) -> torch.Tensor:
        self.decoded.append(latents[0].clone())
        return super().decode(latents)


def family_for(name: str) -> Listening:
    flow = {"_class_name": "FlowMatchEulerDiscreteScheduler", "use_dynamic_shifting": True}
    return Listening(NoiseSchedule.from_config(flow) if SAMPLERS[name].is_for_flow else None)


def painted(name: str, **changes) -> torch.Tensor:
    """The finished latents of a picture that has the engine for itself."""
    family = family_for(name)
    engine = engine_on(family)
    ear = submit(engine, "alone", plan(**({"sampler": name, "seeds": (3,), "stages": STAGES} | changes)))
    finish(engine)
    assert isinstance(ear.last, Rendered), ear.last
    return family.decoded[-1]


def by_the_table(name: str, *, seed: int, number: float) -> torch.Tensor:
    """The same in 64 bits, with the numbers of the table alone; `number` is what the fake family makes of the text."""
    schedule = family_for(name).schedule.for_size(8, 8)
    table = SAMPLERS[name](schedule, 7, 1.0)
    generator = torch.Generator().manual_seed(seed)

    def noise() -> torch.Tensor:
        return torch.randn((3, 8, 8), generator=generator).double()

    x = noise() * table.start_sigma
    previous = before = torch.zeros_like(x)
    for step in table.steps:
        output = step.c_in * x * 0.9 - number * 0.1
        denoised = step.c_skip * x + step.c_out * output
        x = step.a * x + step.b * denoised + step.c * previous + step.e * before
        if step.d:
            x = x + step.d * noise()
        previous, before = denoised, previous
    return x


@pytest.mark.parametrize("name", SAMPLERS)
def test_the_engine_follows_the_table(name):
    got = painted(name, guidance=1.0)
    expected = by_the_table(name, seed=3, number=len("a tree") / 10)
    assert torch.allclose(got.double(), expected, rtol=1e-4, atol=1e-4 * float(expected.abs().max()))


@pytest.mark.parametrize("name", SAMPLERS)
def test_a_start_from_a_picture_has_its_signal_and_noise_in_the_proportions_of_the_table(name):
    family = family_for(name)
    source = Raster(64, 64, bytes([200]) * (3 * 64 * 64))
    asked = plan(sampler=name, seeds=(3,), stages=(Stage(width_px=64, height_px=64, steps=8, strength=0.5),))
    picture = admit(RenderRequest(request_id="a", plan=asked, sources=(source,)), Ear(), family, iter(range(9)))
    table = picture.trajectories[0].table
    noise = torch.randn((3, 8, 8), generator=torch.Generator().manual_seed(3))
    expected = (200 / 127.5 - 1) * table.start_signal + noise * table.start_sigma
    assert torch.allclose(picture.trajectories[0].latents, expected, atol=1e-5)


@pytest.mark.parametrize("name", DIFFUSION)
def test_a_picture_is_the_same_alone_and_among_all_other_samplers(name):
    family = family_for(name)
    engine = engine_on(family, max_rows=64)
    for other in DIFFUSION:
        submit(engine, f"other {other}", plan("a boat", sampler=other, stages=STAGES, seeds=(3, 5)))
    tick(engine, 2)
    ear = submit(engine, "mine", plan(sampler=name, seeds=(3,), stages=STAGES))
    finish(engine)
    alone = engine_on(family_for(name))
    own = submit(alone, "alone", plan(sampler=name, seeds=(3,), stages=STAGES))
    finish(alone)
    assert ear.last.pictures == own.last.pictures


@pytest.mark.parametrize("name", STOCHASTIC)
def test_a_seed_decides_about_the_fresh_noise_as_well(name):
    assert torch.equal(painted(name), painted(name))
    assert not torch.equal(painted(name), painted(name, seeds=(4,)))


@pytest.mark.parametrize("name", STOCHASTIC)
def test_a_step_that_is_tried_again_draws_the_same_noise(name, monkeypatch):
    expected = painted(name)
    update, failures = batching._update, iter([True])

    def failing(*args):
        following = update(*args)
        if next(failures, False):
            raise torch.OutOfMemoryError("no room for the copies")
        return following

    monkeypatch.setattr(batching, "_update", failing)
    family = family_for(name)
    engine = engine_on(family)
    ear = submit(engine, "a", plan(sampler=name, seeds=(3, 5), stages=STAGES))
    finish(engine)
    assert isinstance(ear.last, Rendered)
    assert torch.equal(family.decoded[0], expected)


@torch.inference_mode()
@pytest.mark.parametrize("name", DIFFUSION)
def test_an_older_estimate_is_kept_only_for_a_step_that_leans_on_it(name):
    request = RenderRequest(request_id="a", plan=plan(sampler=name, seeds=(3,), stages=STAGES))
    family = family_for(name)
    picture = admit(request, Ear(), family, iter(range(9))).trajectories[0]
    kept = []
    while not picture.stage_is_done:
        kept.append(picture.denoised_before is not None)
        batching.step_together((picture,), family)
    assert kept == [step.e != 0 for step in picture.table.steps]
    assert picture.denoised_before is None


@pytest.mark.parametrize("name", DIFFUSION)
def test_a_later_stage_starts_from_the_picture_before_it(name):
    """At a low strength the second stage changes little, whatever form the sampler keeps its latents in."""
    first = painted(name)
    second = painted(name, stages=(*STAGES, Stage(width_px=64, height_px=64, steps=40, strength=0.03)))
    clean = first.clamp(-1, 1)
    assert float((second - clean).abs().mean()) < 0.2
