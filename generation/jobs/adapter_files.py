"""What an adapter's file says of itself: its kind, the family that it fits, its license. It never loads a weight.

A file of safetensors begins with the length of its header, 8 bytes, the lowest first, and the header as JSON: every
tensor's name and shape, and under `__metadata__` what whoever wrote it wanted to say.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from generation.contracts import AdapterKind
from generation.errors import AdapterInvalidError
from generation.jobs.weights import MAX_LICENSE_CHARS, PICKLES, WEIGHTS, license_of
from generation.layouts import FamilyName

MOST_HEADER_BYTES: Final = 100 * 2**20
"""As the format itself limits it."""
CONTROL_CLASS, CONTROL_WEIGHTS = "ControlNetModel", "diffusion_pytorch_model.safetensors"
METADATA: Final = "__metadata__"
LICENSES: Final = ("modelspec.license", "license", "ss_license")
"""Under these names trainers write a license."""
XL_WIDTH: Final = 2048
"""Numbers of a token as SDXL's network is told it."""

Shapes = dict[str, tuple[int, ...]]
"""Of every tensor, by its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdapterCard:
    """What was found in a file."""

    kind: AdapterKind
    family: FamilyName
    size_bytes: int
    sha256: str
    license: str


def adapter_card(path: Path) -> AdapterCard:
    """Look into a file, or the folder of a ControlNet; reads all of its weights once, for their hash.

    Raises:
        AdapterInvalidError: it is no file of safetensors, or neither a LoRA nor a learned word, or no ControlNet.
    """
    if path.is_dir():
        return _control_card(path)
    shapes, metadata = _header(path)
    kind = _kind(path, shapes)
    return AdapterCard(
        kind=kind,
        family=_family(kind, shapes),
        size_bytes=path.stat().st_size,
        sha256=sha256_of(path),
        license=next((metadata[name] for name in LICENSES if metadata.get(name)), "")[:MAX_LICENSE_CHARS],
    )


def sha256_of(path: Path) -> str:
    """The hash of a file's bytes, or of the weights in a folder."""
    path = path / CONTROL_WEIGHTS if path.is_dir() else path
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _control_card(folder: Path) -> AdapterCard:
    weights = folder / CONTROL_WEIGHTS
    config = read_config(folder)
    if config.get("_class_name") != CONTROL_CLASS:
        raise AdapterInvalidError(f"{folder.name} is no ControlNet in diffusers layout.")
    if not weights.is_file():
        raise AdapterInvalidError(f"{folder.name} has no weights as safetensors in {CONTROL_WEIGHTS}.")
    return AdapterCard(
        kind="control",
        family="stable_diffusion_xl" if config.get("addition_embed_type") == "text_time" else "stable_diffusion",
        size_bytes=weights.stat().st_size,
        sha256=sha256_of(folder),
        license=license_of(folder),
    )


def read_config(folder: Path) -> dict[str, Any]:
    """What a folder's config.json says; nothing where there is none."""
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return config if isinstance(config, dict) else {}


def _header(path: Path) -> tuple[Shapes, dict[str, str]]:
    """Shapes and metadata."""
    if path.suffix in PICKLES:
        raise AdapterInvalidError(f"{path.name} is a pickle, which can run code when it is read: only safetensors are.")
    if path.suffix != WEIGHTS or not path.is_file():
        raise AdapterInvalidError(f"{path} is no file of safetensors on this machine.")
    try:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            if length > MOST_HEADER_BYTES:
                raise AdapterInvalidError(f"{path.name} is damaged: its header has no end.")
            header: dict[str, Any] = json.loads(file.read(length))
        metadata = header.pop(METADATA, {})
        return {name: tuple(tensor["shape"]) for name, tensor in header.items()}, dict(metadata)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise AdapterInvalidError(f"{path.name} is damaged, or no file of safetensors.") from error


def _kind(path: Path, shapes: Shapes) -> AdapterKind:
    if any(".lora" in name or "_lora" in name for name in shapes):
        return "lora"
    is_table = all(len(shape) in {1, 2} for shape in shapes.values())
    if is_table and (len(shapes) == 1 or shapes.keys() == {"clip_l", "clip_g"}):
        return "embedding"
    raise AdapterInvalidError(f"{path.name} is neither a LoRA nor a learned word (textual inversion).")


def _family(kind: AdapterKind, shapes: Shapes) -> FamilyName:
    """The family by the names of the layers, and SDXL by its second text tower or the width of what it is told."""
    if kind == "embedding":
        return "stable_diffusion_xl" if "clip_g" in shapes else "stable_diffusion"
    names = " ".join(shapes)
    if any(sign in names for sign in ("single_transformer_blocks", "double_blocks", "single_blocks")):
        return "flux"
    if any(name.startswith(("transformer.", "lora_transformer_")) for name in shapes):
        return "stable_diffusion_3"
    is_told = [shape for name, shape in shapes.items() if "attn2" in name and "to_k" in name]
    if "text_encoder_2." in names or "lora_te2_" in names or any(shape[1:2] == (XL_WIDTH,) for shape in is_told):
        return "stable_diffusion_xl"
    return "stable_diffusion"
