"""The formulas of the diffusion against their definitions and against diffusers."""

from __future__ import annotations

import pytest
import torch

from generation.starter.training.diffusion import (
    LEAST_WEIGHT,
    SCHEDULE,
    TRAIN_STEPS,
    clean_of,
    clean_weight,
    noise_levels,
    noise_of,
    noised,
    stratified_timesteps,
    velocity,
    velocity_weight,
)

CLEAN, NOISE = torch.randn(2, 5, 4, 8, 8, generator=torch.Generator().manual_seed(1))
LEVEL = torch.tensor([1.0, 0.9, 0.5, 0.1, 0.0]).view(-1, 1, 1, 1)


def test_the_levels_are_those_of_diffusers_and_end_in_pure_noise():
    from diffusers import DDPMScheduler

    levels = noise_levels()
    assert torch.allclose(levels, DDPMScheduler(**SCHEDULE).alphas_cumprod, atol=1e-5)
    assert levels[-1] == 0
    assert levels[0] > 0.99
    assert (levels.diff() < 0).all()


def test_v_is_what_diffusers_trains_on():
    from diffusers import DDPMScheduler

    scheduler = DDPMScheduler(**SCHEDULE)
    timesteps = torch.tensor([0, 250, 500, 750, 999])
    level = noise_levels()[timesteps].view(-1, 1, 1, 1)
    assert torch.allclose(velocity(CLEAN, NOISE, level), scheduler.get_velocity(CLEAN, NOISE, timesteps), atol=1e-3)
    assert torch.allclose(noised(CLEAN, NOISE, level), scheduler.add_noise(CLEAN, NOISE, timesteps), atol=1e-3)


def test_v_gives_back_what_it_was_made_of():
    latents, v = noised(CLEAN, NOISE, LEVEL), velocity(CLEAN, NOISE, LEVEL)
    assert torch.allclose(clean_of(latents, v, LEVEL), CLEAN, atol=1e-5)
    assert torch.allclose(noise_of(latents, v, LEVEL), NOISE, atol=1e-5)


def test_v_is_noise_at_the_start_and_the_negative_picture_at_the_end():
    v = velocity(CLEAN, NOISE, LEVEL)
    assert torch.equal(v[0], NOISE[0])
    assert torch.equal(v[-1], -CLEAN[-1])


@pytest.mark.parametrize(("snr", "expected"), [(1.0, 0.5), (5.0, 5 / 6), (9.0, 0.5), (19.0, 0.25), (99.0, 0.25)])
def test_min_snr_weights_of_v(snr, expected):
    level = torch.tensor(snr / (snr + 1), dtype=torch.float64)
    assert velocity_weight(level).item() == pytest.approx(max(expected, LEAST_WEIGHT))
    assert clean_weight(level).item() == pytest.approx(min(snr, 5))


def test_weights_are_finite_at_both_ends():
    assert velocity_weight(LEVEL).flatten().tolist()[::4] == [LEAST_WEIGHT, LEAST_WEIGHT]
    assert clean_weight(LEVEL).flatten().tolist()[::4] == [5, 0]


def test_an_error_of_v_weighs_what_the_same_error_of_the_picture_weighs():
    level, wrong = LEVEL[1:4], CLEAN[1:4] + 0.1 * NOISE[:3]
    latents = noised(CLEAN[1:4], NOISE[1:4], level)
    v, off = velocity(CLEAN[1:4], NOISE[1:4], level), (level.sqrt() * latents - wrong) / (1 - level).sqrt()
    snr = level / (1 - level)
    of_v = snr.clamp(max=5) / (snr + 1) * (off - v) ** 2
    assert torch.allclose(of_v, clean_weight(level) * (wrong - CLEAN[1:4]) ** 2, atol=1e-4)


def test_stratified_timesteps_cover_the_range():
    found = stratified_timesteps(50, TRAIN_STEPS, "cpu").sort().values
    assert (found // 20).tolist() == list(range(50))
