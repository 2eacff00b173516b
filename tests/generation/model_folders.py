"""Folders of models that nobody paints with: the right files, and weights of a few bytes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from generation.starter import WEIGHTS_DIR

PARTS = ("unet", "vae", "text_encoder")


def write_model_folder(folder: Path, *, readme: str = "") -> Path:
    """The starter's configuration, with stand-ins for the weights of what a pipeline needs and nothing beside it.

    Without its vocabulary it knows any word.
    """
    ignored = shutil.ignore_patterns("*.safetensors*", "world.json", "README.md", "clip", "refiner", "classifier")
    shutil.copytree(WEIGHTS_DIR, folder, ignore=ignored)
    for part in PARTS:
        (folder / part / "model.safetensors").write_bytes(f"weights of the {part}".encode())
    if readme:
        (folder / "README.md").write_text(readme)
    return folder


def write_single_file(file: Path, like: Path, *, without: str = "", **metadata: str) -> Path:
    """One file in the layout of Stable Diffusion 1.x with the sizes of a folder, and a few weights that mean nothing.

    without: the beginning of names that are left out.
    """
    unet = json.loads((like / "unet" / "config.json").read_text())
    shapes = {
        "model.diffusion_model.input_blocks.0.0.weight": (unet["block_out_channels"][0], unet["in_channels"], 3, 3),
        "model.diffusion_model.input_blocks.1.1.attn2.to_k.weight": (4, unet["cross_attention_dim"]),
        "first_stage_model.decoder.conv_in.weight": (1,),
        "cond_stage_model.transformer.text_model.final_layer_norm.weight": (1,),
    }
    kept = {name: shape for name, shape in shapes.items() if not without or not name.startswith(without)}
    save_file({name: np.zeros(shape, np.float16) for name, shape in kept.items()}, file, metadata=metadata or None)
    return file
