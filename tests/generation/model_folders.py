"""Folders of models that nobody paints with: the right files, and weights of a few bytes."""

from __future__ import annotations

import shutil
from pathlib import Path

from generation.starter import WEIGHTS_DIR

PARTS = ("unet", "vae", "text_encoder")


def write_model_folder(folder: Path, *, readme: str = "") -> Path:
    """The starter's configuration with stand-ins for its weights; without its vocabulary it knows any word."""
    ignored = shutil.ignore_patterns("*.safetensors*", "world.json", "clip")
    shutil.copytree(WEIGHTS_DIR, folder, ignore=ignored)
    for part in PARTS:
        (folder / part / "model.safetensors").write_bytes(f"weights of the {part}".encode())
    if readme:
        (folder / "README.md").write_text(readme)
    return folder
