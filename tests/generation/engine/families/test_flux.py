"""FLUX.1 against its pipeline: dev, which is told its guidance, and schnell, which has none."""

import pytest
import torch

from generation.contracts import PromptPart
from generation.engine.checks import BadPlanError
from generation.engine.families.flux import pack, positions, unpack
from tests.generation.engine.families.parity import (
    CLOSE,
    asked,
    assert_same_bits_in_company,
    difference,
    load,
    ours,
    pipeline_of,
    theirs,
    trajectories,
)

FLUX = "FluxPipeline"


def flow(**changes):
    return asked(**({"sampler": "flow_euler", "guidance": 3.5} | changes))


@pytest.fixture(scope="module")
def dev(flux_dev_folder):
    return load(flux_dev_folder)


@pytest.fixture(scope="module")
def schnell(flux_schnell_folder):
    return load(flux_schnell_folder)


def test_it_reads_sizes_from_the_folder(dev):
    assert (dev.native_px, dev.size_multiple_px, dev.latent_shape(32, 48)) == (1024, 4, (16, 24, 16))


@torch.inference_mode()
def unpacked(latents: torch.Tensor) -> torch.Tensor:
    return unpack(latents, 24, 16)


@pytest.mark.parametrize("guidance", [1.0, 3.5])
def test_latents_of_dev_are_those_of_diffusers_up_to_1e_5(dev, flux_dev_folder, guidance):
    wanted = flow(guidance=guidance)
    assert difference(ours(dev, wanted), unpacked(theirs(flux_dev_folder, FLUX, wanted))) < CLOSE


def test_dev_is_told_its_guidance_and_has_no_unconditional_row(dev):
    low, high = (flow(guidance=guidance, negative_prompt="fog") for guidance in (1.5, 3.5))
    assert trajectories(dev, high)[0].rows == 1
    assert difference(ours(dev, low), ours(dev, high)) > 10 * CLOSE


def test_leading_a_prompt_away_changes_what_it_says_and_not_its_guidance(dev):
    plain, led = (trajectories(dev, flow(weird=weird))[0].conditionings["base"] for weird in (0, 3000))
    assert torch.equal(plain.numbers, led.numbers)
    assert not torch.allclose(plain.hidden, led.hidden)
    assert not torch.allclose(plain.pooled, led.pooled)


def test_latents_of_schnell_are_those_of_diffusers_up_to_1e_5(schnell, flux_schnell_folder):
    wanted = flow(guidance=1.0)
    expected = theirs(flux_schnell_folder, FLUX, wanted, guidance_scale=0.0, max_sequence_length=256)
    assert difference(ours(schnell, wanted), unpacked(expected)) < CLOSE


@torch.inference_mode()
def test_patches_and_their_places_are_those_of_diffusers(flux_dev_folder):
    pipeline, latents = pipeline_of(flux_dev_folder, FLUX), torch.randn(3, 16, 24, 16)
    packed = pack(latents)
    assert torch.equal(packed, pipeline._pack_latents(latents, 3, 16, 24, 16))
    assert torch.equal(unpack(packed, 24, 16), latents)
    places = pipeline._prepare_latent_image_ids(1, 12, 8, latents.device, latents.dtype)
    assert torch.equal(positions(12, 8, latents), places)


@pytest.mark.parametrize(("name", "limit"), [("flux_dev_folder", 511), ("flux_schnell_folder", 255)])
def test_a_text_longer_than_t5_reads_is_refused(request, name, limit):
    family = load(request.getfixturevalue(name))
    with pytest.raises(BadPlanError, match=f"too long for this checkpoint, which reads about {limit} tokens"):
        trajectories(family, flow(parts=(PromptPart("x" * (limit + 1)),)))


def test_a_picture_has_the_same_bits_in_company(dev):
    assert_same_bits_in_company(dev, flow(seeds=(1, 2)), flow(guidance=1.5, steps=3))
