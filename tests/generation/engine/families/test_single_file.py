"""One file of weights in its makers' layout paints what the whole folder paints, to the bit."""

import shutil

import pytest
import torch
from safetensors.torch import load_file, save_file

from generation.engine.loading import load_family
from generation.errors import CheckpointInvalidError
from generation.jobs.single_files import assemble
from generation.layouts import SINGLE_FILE
from tests.generation.engine import original_layouts
from tests.generation.engine.families.parity import NEGATIVE, asked, load, ours


@pytest.fixture
def made(request, tmp_path, settings):
    """A folder around the single file that has the weights of a whole one, which is there no more."""
    settings.DATA_DIR = tmp_path

    def make(layout: str, fixture: str):
        whole = shutil.copytree(request.getfixturevalue(fixture), tmp_path / "whole")
        file = getattr(original_layouts, f"write_{layout}")(whole, tmp_path / "dreams.safetensors")
        folder = assemble(file, [whole], None)
        shutil.rmtree(whole)
        return folder

    return make


@pytest.mark.parametrize(
    ("layout", "fixture", "side_px"),
    [("sd1", "tiny_folder", 64), ("sd2", "sd2_folder", 32), ("sdxl", "sdxl_folder", 32)],
)
def test_it_paints_what_the_folder_paints_to_the_bit(made, request, layout, fixture, side_px):
    wanted = asked(guidance=6.0, negative_prompt=NEGATIVE, steps=2, width_px=side_px, height_px=side_px)
    alone, whole = load(made(layout, fixture)), load(request.getfixturevalue(fixture))
    latents = ours(alone, wanted)
    assert torch.equal(latents, ours(whole, wanted))
    with torch.inference_mode():
        assert torch.equal(alone.decode(latents), whole.decode(latents))


def test_a_transformer_alone_takes_its_texts_and_vae_from_the_whole_one_to_the_bit(sd3_folder, tmp_path, settings):
    settings.DATA_DIR = tmp_path
    file = original_layouts.write_sd3(sd3_folder, tmp_path / "medium.safetensors")
    wanted = asked(guidance=6.0, negative_prompt=NEGATIVE, steps=2, sampler="flow_euler")
    alone, whole = load(assemble(file, [sd3_folder], None)), load(sd3_folder)
    assert torch.equal(ours(alone, wanted), ours(whole, wanted))


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_its_networks_take_the_asked_dtype_and_its_texts_do_not(made, dtype):
    family = load_family(made("sd1", "tiny_folder"), device="cpu", dtype=dtype)
    assert family.dtype == dtype
    assert family._tower._text_encoder.dtype == torch.float32


@pytest.mark.parametrize(
    "start", ["model.diffusion_model.out.2", "first_stage_model.decoder.conv_in", "cond_stage_model"]
)
def test_a_file_that_lacks_a_layer_is_refused(made, start):
    folder = made("sd1", "tiny_folder")
    weights = load_file(folder / SINGLE_FILE)
    lost = next(name for name in sorted(weights, reverse=True) if name.startswith(start))
    del weights[lost]
    save_file(weights, (folder / SINGLE_FILE).resolve())
    with pytest.raises(CheckpointInvalidError, match=r"The \w+ in dreams.safetensors lacks some"):
        load_family(folder, device="cpu")


def test_a_file_that_is_gone_is_a_sentence(made):
    folder = made("sd1", "tiny_folder")
    (folder / SINGLE_FILE).resolve().unlink()
    with pytest.raises(CheckpointInvalidError, match="could not be loaded"):
        load_family(folder, device="cpu")
