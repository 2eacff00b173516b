"""Stable Diffusion 3.x against its pipeline: three towers or two, flow matching with a shift."""

import pytest
import torch

from generation.contracts import PromptPart
from generation.engine.checks import BadPlanError
from tests.generation.engine.families.parity import (
    CLOSE,
    NEGATIVE,
    asked,
    assert_same_bits_in_company,
    difference,
    load,
    ours,
    pipeline_of,
    theirs,
    trajectories,
)

SD3 = "StableDiffusion3Pipeline"


def flow(**changes):
    return asked(**({"sampler": "flow_euler", "negative_prompt": NEGATIVE, "guidance": 6.0} | changes))


@pytest.fixture(scope="module")
def family(sd3_folder):
    return load(sd3_folder)


@pytest.fixture(scope="module")
def without_t5(written):
    return written("sd3", with_t5=False)


def test_it_reads_sizes_from_the_folder(family):
    assert (family.native_px, family.size_multiple_px, family.latent_shape(32, 48)) == (32, 4, (16, 24, 16))


@pytest.mark.parametrize("guidance", [1.0, 6.0])
def test_latents_are_those_of_diffusers_up_to_1e_5(family, sd3_folder, guidance):
    wanted = flow(guidance=guidance)
    assert difference(ours(family, wanted), theirs(sd3_folder, SD3, wanted, negative_prompt=NEGATIVE)) < CLOSE


def test_without_t5_they_are_too_up_to_1e_5(without_t5):
    wanted, absent = flow(), ("text_encoder_3", "tokenizer_3")
    expected = theirs(without_t5, SD3, wanted, without=absent, negative_prompt=NEGATIVE)
    assert difference(ours(load(without_t5), wanted), expected) < CLOSE


@torch.inference_mode()
def test_pictures_are_those_of_diffusers_and_come_back_from_their_latents_up_to_1e_5(family, sd3_folder):
    latents = torch.randn(1, 16, 24, 16, generator=torch.Generator().manual_seed(0))
    vae = pipeline_of(sd3_folder, SD3).vae
    expected = vae.decode(latents / vae.config.scaling_factor + vae.config.shift_factor).sample
    assert difference(family.decode(latents), expected) < CLOSE
    again = (vae.encode(expected).latent_dist.mode() - vae.config.shift_factor) * vae.config.scaling_factor
    assert difference(family.encode_picture(expected), again) < CLOSE


def test_a_text_longer_than_clip_reads_is_read_by_t5(family, sd3_folder):
    wanted = flow(parts=(PromptPart("a house by the sea " * 9),))
    assert difference(ours(family, wanted), ours(family, flow())) > 100 * CLOSE


@pytest.mark.parametrize(("fixture", "letters", "limit"), [("sd3_folder", 260, 255), ("without_t5", 80, 75)])
def test_a_text_longer_than_the_last_tower_reads_is_refused(request, fixture, letters, limit):
    family = load(request.getfixturevalue(fixture))
    with pytest.raises(BadPlanError, match=f"too long for this checkpoint, which reads about {limit} tokens"):
        trajectories(family, flow(parts=(PromptPart("x " * letters),)))


@pytest.mark.parametrize("sampler", ["euler", "dpmpp_2m"])
def test_a_sampler_of_noise_levels_is_refused(family, sampler):
    with pytest.raises(BadPlanError, match="does not sample flow-matching networks"):
        trajectories(family, flow(sampler=sampler))


def test_a_picture_has_the_same_bits_in_company(family):
    assert_same_bits_in_company(family, flow(seeds=(1, 2)), flow(guidance=1.0, steps=3))
