"""Stable Diffusion XL against its pipelines: base, distilled, with a refiner beside it, and the refiner alone."""

import shutil
from dataclasses import replace

import numpy as np
import pytest
import torch

from generation.contracts import Raster, Stage
from generation.engine.loop import Engine
from generation.engine.pixels import to_pixels
from tests.generation.engine.fakes import finish, submit
from tests.generation.engine.families.parity import (
    CLOSE,
    NEGATIVE,
    PROMPT,
    asked,
    assert_same_bits_in_company,
    difference,
    load,
    ours,
    pipeline_of,
    theirs,
)
from tests.generation.engine.tiny_families import TURBO, write_sdxl

XL, XL_REFINER = "StableDiffusionXLPipeline", "StableDiffusionXLImg2ImgPipeline"
PICTURE = Raster(32, 48, np.random.default_rng(0).integers(0, 256, 3 * 32 * 48, dtype=np.uint8).tobytes())


@pytest.fixture(scope="module")
def family(sdxl_folder):
    return load(sdxl_folder)


def test_it_reads_sizes_from_the_folder(family):
    assert (family.native_px, family.size_multiple_px, family.latent_shape(32, 48)) == (32, 4, (4, 24, 16))


@pytest.mark.parametrize("guidance", [1.0, 6.0])
def test_latents_are_those_of_diffusers_up_to_1e_5(family, sdxl_folder, guidance):
    wanted = asked(guidance=guidance, negative_prompt=NEGATIVE)
    expected = theirs(sdxl_folder, XL, wanted, negative_prompt=NEGATIVE)
    assert difference(ours(family, wanted), expected) < CLOSE


def test_a_negative_prompt_that_nobody_typed_is_zeros_up_to_1e_5(family, sdxl_folder):
    wanted = asked(guidance=6.0)
    typed = theirs(sdxl_folder, XL, wanted, negative_prompt="")
    assert difference(ours(family, wanted), theirs(sdxl_folder, XL, wanted)) < CLOSE
    assert difference(ours(family, wanted), typed) > 10 * CLOSE


def test_where_the_folder_asks_for_no_zeros_it_is_the_empty_text(sdxl_folder, tmp_path):
    folder = shutil.copytree(sdxl_folder, tmp_path / "plain")
    index = folder / "model_index.json"
    index.write_text(
        index.read_text().replace('"force_zeros_for_empty_prompt": true', '"force_zeros_for_empty_prompt": false')
    )
    wanted = asked(guidance=6.0)
    assert difference(ours(load(folder), wanted), theirs(folder, XL, wanted)) < CLOSE


def test_a_distilled_checkpoint_takes_few_trailing_steps_without_guidance_up_to_1e_5(tmp_path):
    folder = write_sdxl(tmp_path / "turbo", scheduler=TURBO | {"_class_name": "EulerDiscreteScheduler"})
    wanted = asked(guidance=1.0, steps=2)
    assert difference(ours(load(folder), wanted), theirs(folder, XL, wanted, guidance_scale=0.0)) < CLOSE


def test_a_long_prompt_and_a_short_negative_one_share_a_forward_pass(family):
    long = asked(guidance=6.0, parts=(asked().parts[0], type(asked().parts[0])("a house by the sea " * 6)))
    assert torch.isfinite(ours(family, long)).all()


@torch.inference_mode()
def test_pictures_are_those_of_diffusers_up_to_1e_5(family, sdxl_folder):
    latents = torch.randn(1, 4, 24, 16, generator=torch.Generator().manual_seed(0))
    vae = pipeline_of(sdxl_folder, XL).vae
    expected = vae.decode(latents / vae.config.scaling_factor).sample
    assert difference(family.decode(latents), expected) < CLOSE


@pytest.fixture(scope="module")
def refiner(sdxl_refiner_folder):
    return load(sdxl_refiner_folder)


@pytest.mark.parametrize("negative", [None, NEGATIVE])
def test_a_refiners_own_checkpoint_works_on_a_picture_as_its_pipeline_does_up_to_1e_5(
    refiner, sdxl_refiner_folder, negative
):
    stage = Stage(width_px=32, height_px=48, steps=6, strength=0.5)
    wanted = asked(guidance=5.0, stages=(stage,), negative_prompt=negative or "")
    expected = theirs(
        sdxl_refiner_folder,
        XL_REFINER,
        wanted,
        negative_prompt=negative,
        image=encoded(refiner),
        strength=0.5,
        width=None,
        height=None,
    )
    assert difference(ours(refiner, wanted, PICTURE), expected) < CLOSE


@torch.inference_mode()
def encoded(family) -> torch.Tensor:
    """The picture's latents, as a pipeline takes them: it would draw from the encoder's distribution itself."""
    return family.encode_picture(to_pixels(PICTURE, family.device))


@pytest.mark.parametrize("form", ["network", "checkpoint"])
def test_a_refiner_beside_the_base_network_serves_the_second_stage(tmp_path, sdxl_refiner_folder, form):
    """As a network alone, and as a whole checkpoint: both are told what a refiner is told."""
    folder = write_sdxl(tmp_path / "refined", with_refiner=form == "network")
    if form == "checkpoint":
        shutil.copytree(sdxl_refiner_folder, folder / "refiner")
    family = load(folder)
    base, scored = family.encode_text(PROMPT, "base"), family.encode_text(PROMPT, "hires")
    assert (base.hidden.shape[2], scored.hidden.shape[2], float(scored.numbers)) == (80, 48, 6.0)
    negative = family.encode_text("", "hires", is_negative=True)
    assert float(negative.numbers) == 2.5
    assert negative.hidden.any()  # zeros are for the base network
    small, large = (Stage(width_px=side, height_px=side, steps=1) for side in (32, 48))
    engine = Engine(lambda _: family, max_rows=2)
    ear = submit(engine, "a", asked(guidance=6.0, stages=(small, replace(large, strength=0.9, network="hires"))))
    finish(engine)
    assert [(p.width_px, p.height_px) for p in ear.last.pictures] == [(48, 48)]


def test_a_picture_has_the_same_bits_in_company(family):
    assert_same_bits_in_company(
        family, asked(guidance=6.0, seeds=(1, 2)), asked(guidance=6.0, negative_prompt=NEGATIVE), asked(guidance=1.0)
    )
