"""What a folder says of itself, read without loading a weight."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from generation.contracts import CheckpointCard
from generation.errors import CheckpointInvalidError
from generation.jobs.cards import card
from generation.jobs.checkpoints import describe_checkpoint
from generation.starter import WEIGHTS_DIR


@pytest.fixture
def folder(tmp_path) -> Path:
    """The starter's folder without its weights."""
    target = tmp_path / "dreams"
    shutil.copytree(WEIGHTS_DIR, target, ignore=shutil.ignore_patterns("*.safetensors"))
    return target


def change(file: Path, **values) -> None:
    file.write_text(json.dumps({**json.loads(file.read_text()), **values}))


def test_it_tells_the_numbers_that_plans_need(folder):
    told = card(folder)
    assert (told.name, told.native_px, told.size_multiple_px, told.max_side_px) == ("dreams", 128, 32, 512)
    assert (told.max_tokens, told.sampler) == (77, "dpmpp_2m")


def test_it_knows_a_second_network(folder):
    assert card(folder).has_hires_network
    shutil.rmtree(folder / "refiner")
    assert not card(folder).has_hires_network


def test_the_sides_of_a_large_model_stay_within_what_can_be_decoded(folder):
    change(folder / "unet" / "config.json", sample_size=96)
    assert card(folder).max_side_px == 2048


EPSILON = {"_class_name": "EulerDiscreteScheduler", "timestep_spacing": "leading"}
CLIP = ["transformers", "CLIPTextModelWithProjection"]
TOKENIZER = ["transformers", "CLIPTokenizer"]
VAE = {"block_out_channels": [1, 2, 4, 4]}


def write_folder(folder: Path, index: dict, configs: dict, scheduler: dict) -> Path:
    """Only what a card reads."""
    for part, config in configs.items():
        (folder / part).mkdir(parents=True)
        (folder / part / "config.json").write_text(json.dumps(config))
    (folder / "scheduler").mkdir(parents=True)
    (folder / "scheduler" / "scheduler_config.json").write_text(json.dumps(scheduler))
    (folder / "model_index.json").write_text(json.dumps({"scheduler": ["diffusers", "AScheduler"], **index}))
    return folder


def sdxl(folder: Path, scheduler: dict = EPSILON) -> Path:
    index = {
        "_class_name": "StableDiffusionXLPipeline",
        "text_encoder_2": CLIP,
        "tokenizer_2": TOKENIZER,
        "unet": ["diffusers", "UNet2DConditionModel"],
        "vae": ["diffusers", "AutoencoderKL"],
    }
    unet = {"sample_size": 128, "down_block_types": ["a", "b", "c"]}
    configs = {"unet": unet, "vae": VAE, "text_encoder_2": {"max_position_embeddings": 77}}
    return write_folder(folder, index, configs, scheduler)


def sd3(folder: Path, *, t5: bool = True, **transformer) -> Path:
    index = {
        "_class_name": "StableDiffusion3Pipeline",
        "text_encoder": CLIP,
        "text_encoder_2": CLIP,
        "text_encoder_3": ["transformers", "T5EncoderModel"] if t5 else [None, None],
        "tokenizer": TOKENIZER,
        "tokenizer_2": TOKENIZER,
        "transformer": ["diffusers", "SD3Transformer2DModel"],
        "vae": ["diffusers", "AutoencoderKL"],
    }
    configs = {
        "transformer": {"sample_size": 128, "patch_size": 2, **transformer},
        "text_encoder": {"max_position_embeddings": 77},
        "vae": VAE,
    }
    return write_folder(folder, index, configs, {"_class_name": "FlowMatchEulerDiscreteScheduler"})


def flux(folder: Path, *, is_dev: bool) -> Path:
    index = {
        "_class_name": "FluxPipeline",
        "text_encoder": ["transformers", "CLIPTextModel"],
        "text_encoder_2": ["transformers", "T5EncoderModel"],
        "tokenizer": TOKENIZER,
        "tokenizer_2": ["transformers", "T5TokenizerFast"],
        "transformer": ["diffusers", "FluxTransformer2DModel"],
        "vae": ["diffusers", "AutoencoderKL"],
    }
    configs = {"transformer": {"guidance_embeds": is_dev}, "vae": VAE}
    return write_folder(folder, index, configs, {"_class_name": "FlowMatchEulerDiscreteScheduler"})


def numbers(told: CheckpointCard) -> tuple:
    return told.family, told.native_px, told.size_multiple_px, told.max_tokens


def recipe(told: CheckpointCard) -> tuple:
    return told.sampler, told.schedule, told.steps, told.guidance


def test_sdxl_has_its_own_numbers(tmp_path):
    told = card(sdxl(tmp_path / "dreams"))
    assert numbers(told) == ("stable_diffusion_xl", 1024, 32, 77)
    assert recipe(told) == ("dpmpp_2m", "model", 25, 6.0)
    assert told.max_side_px == 2048


@pytest.mark.parametrize("name", ["dreams-turbo", "dreams-lightning", "DreamsLightning_4step"])
def test_a_name_tells_of_a_merge_that_was_distilled(tmp_path, name):
    assert recipe(card(sdxl(tmp_path / "dreams"), name=name)) == ("euler", "trailing", 4, 1.0)


@pytest.mark.parametrize(
    ("kind", "sampler", "schedule", "steps"),
    [
        ("EulerAncestralDiscreteScheduler", "euler_ancestral", "trailing", 4),
        ("EulerDiscreteScheduler", "euler", "trailing", 4),
        ("LCMScheduler", "lcm", "model", 6),
    ],
)
def test_a_scheduler_tells_of_distillation(tmp_path, kind, sampler, schedule, steps):
    told = card(sdxl(tmp_path / "dreams", {"_class_name": kind, "timestep_spacing": "trailing"}))
    assert recipe(told) == (sampler, schedule, steps, 1.0)


@pytest.mark.parametrize("more", [{"prediction_type": "v_prediction"}, {"_class_name": "DPMSolverMultistepScheduler"}])
def test_trailing_steps_alone_do_not(tmp_path, more):
    scheduler = {"_class_name": "EulerDiscreteScheduler", "timestep_spacing": "trailing", **more}
    assert card(sdxl(tmp_path / "dreams", scheduler)).guidance == 6.0


def test_an_upscale_by_few_steps_takes_at_least_two(tmp_path):
    few, many = card(sdxl(tmp_path / "dreams-turbo")), card(sdxl(tmp_path / "dreams"))
    assert (few.steps * few.upscale_strength, many.upscale_strength) == (2, 0.45)


def test_an_upscale_by_a_small_network_stays_near_the_picture(folder):
    assert card(folder).upscale_strength == 0.25
    change(folder / "unet" / "config.json", sample_size=64)
    assert card(folder).upscale_strength == 0.45


def test_the_number_of_steps_in_a_name_is_believed(tmp_path):
    assert card(sdxl(tmp_path / "dreams"), name="dreams-lightning-8step").steps == 8


def test_a_whole_refiner_counts_as_a_second_network(tmp_path):
    folder = sdxl(tmp_path / "dreams")
    (folder / "refiner").mkdir()
    (folder / "refiner" / "model_index.json").write_text("{}")
    assert card(folder).has_hires_network


def test_sd3_and_its_successor_differ_in_guidance(tmp_path):
    first, later = card(sd3(tmp_path / "medium")), card(sd3(tmp_path / "large", t5=False, qk_norm="rms_norm"))
    assert numbers(first) == ("stable_diffusion_3", 1024, 16, 256)
    assert recipe(first) == ("flow_euler", "model", 28, 7.0)
    assert (later.max_tokens, later.guidance) == (77, 4.5)
    assert recipe(card(sd3(tmp_path / "large-turbo", qk_norm="rms_norm"))) == ("flow_euler", "model", 4, 1.0)


def test_both_kinds_of_flux_are_told_apart(tmp_path):
    dev, schnell = (card(flux(tmp_path / name, is_dev=name == "a")) for name in "ab")
    assert (numbers(dev), recipe(dev)) == (("flux", 1024, 16, 512), ("flow_euler", "model", 28, 3.5))
    assert (schnell.max_tokens, recipe(schnell)) == (256, ("flow_euler", "model", 4, 1.0))


def test_a_pipeline_that_no_family_knows_is_run_whole(tmp_path):
    index = {"_class_name": "PixArtSigmaPipeline", "transformer": ["diffusers", "PixArtTransformer2DModel"]}
    told = card(write_folder(tmp_path / "dreams", index, {"transformer": {"sample_size": 64}, "vae": VAE}, EPSILON))
    assert (told.family, told.native_px, told.sampler, told.guidance) == ("pipeline", 512, "own", 4.5)


@pytest.mark.parametrize(
    ("index", "sentence"),
    [
        ({"_class_name": "StableDiffusionUpscalePipeline"}, "does not make pictures from a text alone"),
        ({"_class_name": "CogVideoXPipeline"}, "does not make pictures from a text alone"),
        ({"_class_name": ["pipeline", "MyPipeline"]}, "names no pipeline of diffusers"),
        ({"_class_name": "AnyPipeline", "unet": ["my_unet", "MyUNet"]}, "code out of a checkpoint is never run"),
    ],
)
def test_what_makes_no_pictures_from_a_text_or_brings_code_is_refused(tmp_path, index, sentence):
    with pytest.raises(CheckpointInvalidError, match=sentence):
        card(write_folder(tmp_path / "dreams", index, {}, EPSILON))


def test_a_model_of_few_words_says_which(folder):
    known = card(folder).vocabulary
    assert dict(known.topics)["Things"]
    assert {"lighthouse", "watercolor", "sunset"} <= known.words
    (folder / "world.json").unlink()
    assert card(folder).vocabulary is None


def test_a_card_survives_the_row_it_is_kept_in(folder):
    told = card(folder)
    assert CheckpointCard.from_json(json.loads(json.dumps(told.to_json()))) == told
    (folder / "world.json").unlink()
    told = card(folder)
    assert CheckpointCard.from_json(json.loads(json.dumps(told.to_json()))) == told


@pytest.mark.parametrize("missing", ["model_index.json", "scheduler/scheduler_config.json", "unet/config.json"])
def test_a_missing_file_is_named(folder, missing):
    (folder / missing).unlink()
    with pytest.raises(CheckpointInvalidError, match=f"{missing} is missing"):
        card(folder)


def test_other_families_are_refused_although_their_parts_have_the_same_names(folder):
    change(folder / "model_index.json", text_encoder_2=["transformers", "CLIPTextModelWithProjection"])
    with pytest.raises(CheckpointInvalidError, match="text_encoder_2"):
        card(folder)
    change(folder / "model_index.json", text_encoder=["transformers", "T5EncoderModel"])
    with pytest.raises(CheckpointInvalidError, match="T5EncoderModel"):
        card(folder)


@pytest.mark.parametrize("values", [{"sample_size": None}, {"sample_size": "large"}, {"down_block_types": 3}])
def test_a_configuration_without_its_numbers_is_refused_with_a_sentence(folder, values):
    change(folder / "unet" / "config.json", **values)
    with pytest.raises(CheckpointInvalidError, match="The configuration of dreams cannot be read"):
        card(folder)


@pytest.mark.parametrize(
    ("source", "name", "title"),
    [
        ("/models/dreams", "dreams", "Dreams"),
        ("acme/dreams-2_a", "dreams-2_a", "Dreams 2 a"),
        ("/mjweb/generation/starter/weights", "starter", "Starter"),
    ],
)
def test_it_is_named_after_where_it_came_from(source, name, title):
    told = describe_checkpoint(WEIGHTS_DIR, source=source)
    assert (told.name, told.title) == (name, title)
