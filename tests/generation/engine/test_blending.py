"""Several pictures as one start."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from generation.contracts import Raster, RenderRequest, SourceUse, Stage
from generation.engine.blending import mixed
from tests.generation.engine.fakes import Ear, engine_on, finish, painted, plan
from tests.generation.engine.seeing import correlation

SMALL = Stage(width_px=128, height_px=128, steps=10)
HALF = Stage(width_px=128, height_px=128, steps=10, strength=0.5)


def latents(seed: int) -> torch.Tensor:
    return torch.randn(4, 8, 8, generator=torch.Generator().manual_seed(seed))


def test_one_alone_is_itself_to_the_bit():
    assert torch.equal(mixed([latents(1)], [0.3]), latents(1))
    assert torch.equal(mixed([latents(1), latents(2)], [1.0, 0.0]), latents(1))
    assert torch.allclose(mixed([latents(1), latents(2)], [0.0, 1.0]), latents(2))


@settings(max_examples=25, deadline=None)
@given(share=st.floats(0.05, 0.95))
def test_between_two_the_angle_is_shared_by_the_weights_and_the_length_stays(share):
    one, other = latents(1), latents(2)
    mix = mixed([one, other], [1 - share, share])
    assert angle(one, mix) == pytest.approx(share * angle(one, other), abs=1e-2)
    assert float(mix.norm()) == pytest.approx(float(one.norm() * (1 - share) + other.norm() * share), rel=1e-3)


def angle(one: torch.Tensor, other: torch.Tensor) -> float:
    return math.acos(float(torch.nn.functional.cosine_similarity(one.flatten(), other.flatten(), dim=0).clamp(-1, 1)))


def test_a_mix_of_many_of_one_weight_is_as_near_to_each_in_any_order():
    many = [latents(seed) for seed in range(5)]
    angles = [angle(mixed(many, [1.0] * 5), one) for one in many]
    assert max(angles) - min(angles) < 0.08  # noises are not quite at right angles to one another
    assert torch.allclose(mixed(many[::-1], [1.0] * 5), mixed(many, [1.0] * 5), atol=1e-4)


def test_opposite_and_equal_ones_mix_to_numbers():
    assert torch.isfinite(mixed([latents(1), -latents(1)], [1.0, 1.0])).all()
    assert torch.allclose(mixed([latents(1), latents(1)], [1.0, 2.0]), latents(1), atol=1e-5)
    assert torch.isfinite(mixed([torch.zeros(1, 2, 2), latents(1)[:1, :2, :2]], [1.0, 1.0])).all()


@pytest.fixture(scope="module")
def two(starter) -> list[Raster]:
    prompts = ("a red house in the mountains at sunset", "a green boat on a lake at noon")
    return [painted(starter, plan(prompt, seeds=(1,), stages=(SMALL,)))[0] for prompt in prompts]


def blended(family, sources, weights) -> Raster:
    asked = plan("", seeds=(3,), stages=(HALF,), sources=tuple(SourceUse(start=weight) for weight in weights))
    engine, ear = engine_on(family), Ear()
    engine.submit(RenderRequest(request_id="a", plan=asked, sources=tuple(sources)), ear)
    finish(engine)
    return ear.last.pictures[0]


def test_a_blend_is_like_both_and_more_like_the_heavier(starter, two):
    even, first = blended(starter, two, (1, 1)), blended(starter, two, (4, 1))
    assert min(correlation(even, one, side_px=16) for one in two) > 0.4
    assert correlation(first, two[0], side_px=16) > correlation(even, two[0], side_px=16)
    assert correlation(first, two[1], side_px=16) < correlation(even, two[1], side_px=16)
