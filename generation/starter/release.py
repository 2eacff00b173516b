"""The release: everything that ships, as one diffusers folder in half precision with small files."""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import torch
from diffusers import __version__ as diffusers_version

from generation.starter.model_card import Training, write_model_card
from generation.starter.training.diffusion import LOW_NOISE
from generation.starter.training.folders import RELEASED, Networks, part_folder, save_classifier
from generation.starter.training.progress import say
from generation.starter.training.sampling import make_scheduler
from generation.starter.training.sizes import VAE_FACTOR
from generation.starter.training.world import read_world, write_world

MOST_FILE_BYTES: Final = 15_000_000
MOST_BYTES: Final = 64_000_000
SHARD: Final = "14MB"
NEEDED: Final = ("tokenizer", "text_encoder", "vae", "base")
"""Without these there is no pipeline."""
NETWORKS: Final = ("text_encoder", "vae", "base", "hires", "clip")
UNKNOWN: Final = Training()
CLASSES: Final = {
    "scheduler": ["diffusers", "DPMSolverMultistepScheduler"],
    "text_encoder": ["transformers", "CLIPTextModel"],
    "tokenizer": ["transformers", "CLIPTokenizer"],
    "unet": ["diffusers", "UNet2DConditionModel"],
    "vae": ["diffusers", "AutoencoderKL"],
    "feature_extractor": [None, None],
    "image_encoder": [None, None],
    "safety_checker": [None, None],
}


def write_release(networks: Networks, folder: Path, training: Training = UNKNOWN) -> Path:
    """Write what the networks of a folder have become.

    Layout: model_index.json, world.json, README.md (the model card), scheduler/, tokenizer/, text_encoder/, unet/,
    vae/, and where they are trained clip/ (both towers, for search), refiner/ (the high-resolution U-Net) and
    classifier/ (which only the evaluation reads). It is written beside the folder and put in its place.

    Raises:
        SystemExit: A part that a pipeline needs is missing, or the release is larger than it may be.

    Effects: replaces the folder.
    """
    if missing := networks.missing(*NEEDED):
        raise SystemExit(f"There is nothing to release yet: {', '.join(missing)} is missing.")
    beside = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    _write_pipeline(networks, beside)
    for name in NETWORKS:
        if networks.has(name):
            half(networks[name]).save_pretrained(beside / RELEASED.get(name, name), max_shard_size=SHARD)
    if networks.has("classifier"):
        save_classifier(half(networks["classifier"]), beside)
    _use_in_single_precision(beside)
    _forget_where_it_was(beside)
    write_world(read_world(networks.folder), beside)
    _copy_small_files(networks, beside)
    write_model_card(beside, training)
    check_size(beside)
    shutil.rmtree(folder, ignore_errors=True)
    beside.rename(folder)
    return folder


def half(network: Any) -> Any:
    """A copy of a network in half precision, on the CPU."""
    return copy.deepcopy(network).to("cpu", torch.float16)


def check_size(folder: Path) -> None:
    """Say how large a release is.

    Raises:
        SystemExit: One file, or all of them, are too large for the repository.
    """
    sizes = {path: path.stat().st_size for path in folder.rglob("*") if path.is_file()}
    whole, largest = sum(sizes.values()), max(sizes, key=lambda path: sizes[path])
    say(f"release: {len(sizes)} files, {whole / 1e6:.1f} MB, the largest {sizes[largest] / 1e6:.1f} MB")
    if whole > MOST_BYTES or sizes[largest] > MOST_FILE_BYTES:
        raise SystemExit(f"A release may have {MOST_BYTES / 1e6:.0f} MB, and {MOST_FILE_BYTES / 1e6:.0f} MB in a file.")


def _write_pipeline(networks: Networks, folder: Path) -> None:
    index = {"_class_name": "StableDiffusionPipeline", "_diffusers_version": diffusers_version, **CLASSES}
    _write_json({**index, "requires_safety_checker": False}, folder / "model_index.json")
    make_scheduler().save_pretrained(folder / "scheduler")
    tokenizer = part_folder(networks.folder, "tokenizer")
    assert tokenizer is not None  # noqa: S101 - a needed part
    shutil.copytree(tokenizer, folder / "tokenizer")


def _use_in_single_precision(folder: Path) -> None:
    """Mark the parts of transformers, which load in the precision that is written down unless they are told another."""
    for file in (folder / "text_encoder" / "config.json", folder / "clip" / "config.json"):
        if file.exists():
            config = json.loads(file.read_text(encoding="utf-8"))
            for part in (config, config.get("text_config"), config.get("vision_config")):
                if isinstance(part, dict):
                    part.pop("torch_dtype", None)
                    part["dtype"] = "float32"
            _write_json(config, file)


def _forget_where_it_was(folder: Path) -> None:
    """The parts of diffusers note the folder that they were loaded from, which is nobody's business."""
    for file in folder.glob("*/config.json"):
        config = json.loads(file.read_text(encoding="utf-8"))
        if config.pop("_name_or_path", None) is not None:
            _write_json(config, file)


def _copy_small_files(networks: Networks, folder: Path) -> None:
    """What stands beside the weights: how CLIP reads text and pictures, and what the high-resolution stage knows."""
    if (clip := part_folder(networks.folder, "clip")) and (folder / "clip").exists():
        for file in clip.glob("*"):
            if file.suffix in (".json", ".txt") and file.name != "config.json" and "index" not in file.name:
                shutil.copy(file, folder / "clip")
    if (folder / RELEASED["hires"]).exists():
        side = int(networks["hires"].config.sample_size) * VAE_FACTOR
        note = {"max_timestep": LOW_NOISE, "native_size": side, "note": "latents and schedule of unet"}
        _write_json(note, folder / RELEASED["hires"] / "stage.json")


def _write_json(value: Mapping[str, Any], file: Path) -> None:
    file.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")
