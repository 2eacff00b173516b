"""What an adapter's file says of itself: its kind, the family that it fits, its license. It never loads a weight.

A file of safetensors begins with the length of its header, 8 bytes, the lowest first, and the header as JSON: every
tensor's name and shape, and under `__metadata__` what whoever wrote it wanted to say.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
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
IMAGE_PROMPT, IMAGE_PROJECTION, FIRST_KEYS = "ip_adapter.", "image_proj.", "ip_adapter.1.to_k_ip.weight"
"""What the tensors of an IP-Adapter are called; the last one leads from a token to the keys of the first layer."""
ENCODER: Final = "image_encoder"
"""The folder beside an IP-Adapter that is taken for its image encoder."""
VISION_MODEL: Final = "clip_vision_model"

Shapes = dict[str, tuple[int, ...]]
"""Of every tensor, by its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdapterCard:
    """What was found in a file.

    encoder, told_width: of an IP-Adapter, the folder of its image encoder, and the numbers of a token as the networks
        that it fits are told it.
    """

    kind: AdapterKind
    family: FamilyName
    size_bytes: int
    sha256: str
    license: str
    encoder: Path | None = None
    told_width: int = 0


def adapter_card(path: Path, encoder: Path | None = None) -> AdapterCard:
    """Look into a file, or the folder of a ControlNet; reads all of its weights once, for their hash.

    encoder: the folder of the image encoder of an IP-Adapter, where it does not lie beside it.

    Raises:
        AdapterInvalidError: it is no file of safetensors, none of a kind that is known here, or no ControlNet; or its
            image encoder is not there, or another than it was made for.
    """
    if path.is_dir():
        return _control_card(path)
    shapes, metadata = _header(path)
    kind = _kind(path, shapes)
    card = AdapterCard(
        kind=kind,
        family=_family(kind, shapes),
        size_bytes=path.stat().st_size,
        sha256=sha256_of(path) if kind != "image_prompt" else "",
        license=next((metadata[name] for name in LICENSES if metadata.get(name)), "")[:MAX_LICENSE_CHARS],
    )
    return _image_prompt_card(card, path, encoder or path.parent / ENCODER, shapes) if kind == "image_prompt" else card


def sha256_of(path: Path, encoder: Path | None = None) -> str:
    """The hash of a file's bytes, or of the weights in a folder; with an encoder, of both one after the other."""
    files = [path / CONTROL_WEIGHTS if path.is_dir() else path]
    files += [] if encoder is None else sorted(encoder.glob(f"*{WEIGHTS}"))
    digest = hashlib.sha256()
    for each in files:
        with each.open("rb") as file:
            hashlib.file_digest(file, lambda: digest)
    return digest.hexdigest()


def _image_prompt_card(card: AdapterCard, path: Path, encoder: Path, shapes: Shapes) -> AdapterCard:
    """The card of an IP-Adapter, whose encoder was looked at as well."""
    taken, given = _numbers_of_picture(path, shapes, encoder)
    if taken != given:
        raise AdapterInvalidError(
            f"{path.name} was made for another image encoder: it takes {taken} numbers of a picture, and the one in "
            f"{encoder.name} gives {given}."
        )
    weights = sum(file.stat().st_size for file in encoder.glob(f"*{WEIGHTS}"))
    return replace(
        card,
        size_bytes=card.size_bytes + weights,
        sha256=sha256_of(path, encoder),
        encoder=encoder,
        told_width=shapes[FIRST_KEYS][1],
    )


def _numbers_of_picture(path: Path, shapes: Shapes, encoder: Path) -> tuple[int, int]:
    """What an IP-Adapter takes of a picture, and what its encoder gives: of the picture as a whole, or of a part."""
    config = _encoder_config(path, encoder)
    if (whole := shapes.get(f"{IMAGE_PROJECTION}proj.weight")) is not None:
        return whole[1], int(config.get("projection_dim", 512))
    if (part := shapes.get(f"{IMAGE_PROJECTION}proj_in.weight")) is not None and f"{IMAGE_PROJECTION}latents" in shapes:
        return part[1], int(config.get("hidden_size", 768))
    raise AdapterInvalidError(
        f"{path.name} is an IP-Adapter of a kind that is not known here: those that see a picture as a whole and the "
        "plus ones are, those for faces are not."
    )


def _encoder_config(path: Path, encoder: Path) -> dict[str, Any]:
    """What the image encoder of an IP-Adapter says of itself."""
    if not encoder.is_dir():
        raise AdapterInvalidError(
            f"{path.name} is an IP-Adapter, which sees pictures through an image encoder: put the encoder's folder "
            f"beside it as {ENCODER}, or name it with --encoder. There is none in {encoder}."
        )
    config = read_config(encoder)
    if config.get("model_type") != VISION_MODEL:
        raise AdapterInvalidError(f"{encoder.name} is no image encoder of CLIP in the layout of transformers.")
    if not any(encoder.glob(f"*{WEIGHTS}")):
        raise AdapterInvalidError(f"{encoder.name} has no weights as safetensors; nothing else is read.")
    return config


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
    if any(name.startswith((IMAGE_PROMPT, IMAGE_PROJECTION)) for name in shapes):
        return _known_image_prompt(path, shapes)
    if any(".lora" in name or "_lora" in name for name in shapes):
        return "lora"
    is_table = all(len(shape) in {1, 2} for shape in shapes.values())
    if is_table and (len(shapes) == 1 or shapes.keys() == {"clip_l", "clip_g"}):
        return "embedding"
    raise AdapterInvalidError(
        f"{path.name} is neither a LoRA nor a learned word (textual inversion), nor an IP-Adapter."
    )


def _known_image_prompt(path: Path, shapes: Shapes) -> AdapterKind:
    if len(shapes.get(FIRST_KEYS, ())) != 2:  # noqa: PLR2004 -- out and in
        raise AdapterInvalidError(f"{path.name} is an IP-Adapter for networks of another kind than Stable Diffusion's.")
    return "image_prompt"


def _family(kind: AdapterKind, shapes: Shapes) -> FamilyName:
    """The family by the names of the layers, and SDXL by its second text tower or the width of what it is told."""
    if kind == "embedding":
        return "stable_diffusion_xl" if "clip_g" in shapes else "stable_diffusion"
    if kind == "image_prompt":
        return "stable_diffusion_xl" if shapes[FIRST_KEYS][1] == XL_WIDTH else "stable_diffusion"
    names = " ".join(shapes)
    if any(sign in names for sign in ("single_transformer_blocks", "double_blocks", "single_blocks")):
        return "flux"
    if any(name.startswith(("transformer.", "lora_transformer_")) for name in shapes):
        return "stable_diffusion_3"
    is_told = [shape for name, shape in shapes.items() if "attn2" in name and "to_k" in name]
    if "text_encoder_2." in names or "lora_te2_" in names or any(shape[1:2] == (XL_WIDTH,) for shape in is_told):
        return "stable_diffusion_xl"
    return "stable_diffusion"
