"""Checkpoints in one file of safetensors, as their makers publish them: given the folder that they lack.

A file says which weights it has, and neither how to build the networks nor how to read a text. That comes from a whole
checkpoint of the same family and sizes: its configuration is copied into a folder of the data folder, the file is
linked into it, and so are the weights of parts that the file does not have. From then on it is a folder like others.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import yaml
from django.conf import settings

from generation.errors import CheckpointInvalidError
from generation.layouts import (
    FLUX,
    INDEX,
    SINGLE_FILE,
    STABLE_DIFFUSION,
    STABLE_DIFFUSION_3,
    STABLE_DIFFUSION_XL,
    Layout,
    layout_of,
    parts_of,
    read_json,
)

WEIGHTS: Final = ".safetensors"
MAX_HEADER_BYTES: Final = 100_000_000
_LENGTH_BYTES: Final = 8
_DENOISER: Final = "model.diffusion_model."
_INDEX_OF_SHARDS: Final = ".safetensors.index.json"
_CONFIGURATION: Final = (".json", ".txt", ".model")


@dataclass(frozen=True, slots=True)
class Header:
    """What a file of safetensors says of itself.

    shapes: of its tensors, by name.
    license: that its makers wrote into it; empty when they wrote none.
    """

    shapes: Mapping[str, tuple[int, ...]]
    license: str

    def starts(self, *prefixes: str) -> bool:
        """Whether any tensor's name begins like one of these."""
        return any(name.startswith(prefixes) for name in self.shapes)

    def count(self, block: str) -> int:
        """How many numbered blocks there are, `double_blocks.` for example."""
        found = (name.removeprefix(_DENOISER) for name in self.shapes)
        return len({name.split(".")[1] for name in found if name.startswith(block)})

    def shape(self, end: str) -> tuple[int, ...]:
        """Of the first tensor whose name ends so; empty when there is none."""
        return next((shape for name, shape in self.shapes.items() if name.endswith(end)), ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """How the files of one family look.

    has: whether a file is of it.
    parts: how the names of each part's weights begin.
    fits: whether a whole checkpoint of the family has the file's sizes.
    hub_ids: whole checkpoints on the hub, for their configuration.
    """

    layout: Layout
    has: Callable[[Header], bool]
    parts: Mapping[str, tuple[str, ...]]
    fits: Callable[[Header, Path], bool]
    hub_ids: tuple[str, ...]


def _unet_fits(header: Header, folder: Path) -> bool:
    unet = read_json(folder, "unet/config.json")
    first = (unet["block_out_channels"][0], unet["in_channels"])
    across = header.shape("attn2.to_k.weight")[1:]
    return header.shape(f"{_DENOISER}input_blocks.0.0.weight")[:2] == first and across == (unet["cross_attention_dim"],)


def _transformer_fits(header: Header, folder: Path, *, block: str) -> bool:
    transformer = read_json(folder, "transformer/config.json")
    is_told = header.starts("guidance_in.", f"{_DENOISER}guidance_in.")
    return header.count(block) == transformer["num_layers"] and is_told == bool(transformer.get("guidance_embeds"))


_UNET: Final = (f"{_DENOISER}input_blocks.",)
_VAE: Final = ("first_stage_model.",)
KINDS: Final = (
    Kind(
        layout=FLUX,
        has=lambda header: header.starts("double_blocks.", f"{_DENOISER}double_blocks."),
        parts={"transformer": ("double_blocks.", f"{_DENOISER}double_blocks.")},
        fits=partial(_transformer_fits, block="double_blocks."),
        hub_ids=("black-forest-labs/FLUX.1-dev", "black-forest-labs/FLUX.1-schnell"),
    ),
    Kind(
        layout=STABLE_DIFFUSION_3,
        has=lambda header: header.starts("joint_blocks.", f"{_DENOISER}joint_blocks."),
        parts={
            "transformer": ("joint_blocks.", f"{_DENOISER}joint_blocks."),
            "vae": _VAE,
            "text_encoder": ("text_encoders.clip_l.",),
            "text_encoder_2": ("text_encoders.clip_g.",),
            "text_encoder_3": ("text_encoders.t5xxl.",),
        },
        fits=partial(_transformer_fits, block="joint_blocks."),
        hub_ids=(
            "stabilityai/stable-diffusion-3.5-medium",
            "stabilityai/stable-diffusion-3.5-large",
            "stabilityai/stable-diffusion-3-medium-diffusers",
        ),
    ),
    Kind(
        layout=STABLE_DIFFUSION_XL,
        has=lambda header: header.starts(*_UNET) and header.starts("conditioner.embedders."),
        parts={
            "unet": _UNET,
            "vae": _VAE,
            "text_encoder": ("conditioner.embedders.0.transformer.",),
            "text_encoder_2": ("conditioner.embedders.1.model.", "conditioner.embedders.0.model."),
        },
        fits=_unet_fits,
        hub_ids=("stabilityai/stable-diffusion-xl-base-1.0", "stabilityai/stable-diffusion-xl-refiner-1.0"),
    ),
    Kind(
        layout=STABLE_DIFFUSION,
        has=lambda header: header.starts(*_UNET),
        parts={"unet": _UNET, "vae": _VAE, "text_encoder": ("cond_stage_model.",)},
        fits=_unet_fits,
        hub_ids=("stable-diffusion-v1-5/stable-diffusion-v1-5", "stabilityai/stable-diffusion-2-1"),
    ),
)


def assembled_folder(file: Path) -> Path:
    """Where the folder of a file lies once it was assembled; files of one name in two places have two."""
    path = file.expanduser().resolve()
    return Path(settings.DATA_DIR) / "models" / f"{path.stem}--{hashlib.sha256(str(path).encode()).hexdigest()[:8]}"


def assemble(file: Path, references: Iterable[Path], ask_hub: Callable[[str], Path | None] | None) -> Path:
    """The folder of a file, made anew from the first whole checkpoint that fits.

    Args:
        file: Safetensors in the layout of their makers.
        references: Folders of whole checkpoints.
        ask_hub: Gives a folder with the configuration of a checkpoint of the hub, or None where it cannot be reached;
            None asks no hub, for somebody named the reference.

    Raises:
        CheckpointInvalidError: It is of no family known here, nothing fits it, or a part is nowhere.

    Effects: writes into the data folder.
    """
    file = file.expanduser().resolve()
    header = read_header(file)
    kind = next((kind for kind in KINDS if kind.has(header)), None)
    if kind is None:
        raise CheckpointInvalidError(f"{file.name} is no checkpoint in one file of a family that is known here.")
    reference = _reference(kind, header, references, ask_hub)
    if reference is None:
        raise CheckpointInvalidError(_lacks_reference(file, kind, is_named=ask_hub is None))
    held = {part for part, begins in kind.parts.items() if header.starts(*begins)}
    folder = assembled_folder(file)
    new = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    _write(new, file, header, held, reference)
    shutil.rmtree(folder, ignore_errors=True)
    return new.rename(folder)


def read_header(file: Path) -> Header:
    """The table on top of a file of safetensors. No weight is read.

    Raises:
        CheckpointInvalidError: It is none.
    """
    try:
        with file.open("rb") as opened:
            length = int.from_bytes(opened.read(_LENGTH_BYTES), "little")
            if length > MAX_HEADER_BYTES:
                raise ValueError(length)  # noqa: TRY301 -- one sentence for all of them
            table = json.loads(opened.read(length))
        said = table.pop("__metadata__", {})
        shapes = {name: tuple(about["shape"]) for name, about in table.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise CheckpointInvalidError(f"{file.name} cannot be read as safetensors.") from error
    return Header(shapes, str(said.get("modelspec.license", "")))


def _lacks_reference(file: Path, kind: Kind, *, is_named: bool) -> str:
    start = f"{file.name} is a checkpoint of {kind.layout.title} in one file"
    if is_named:
        return f"{start}, and what --like names is no checkpoint of this family and its sizes."
    return (
        f"{start}, which lacks its configuration and tokenizers. Add a whole checkpoint of its kind first, name one "
        f"with --like, or let this machine reach the hub ({' or '.join(kind.hub_ids)})."
    )


def _reference(
    kind: Kind, header: Header, references: Iterable[Path], ask_hub: Callable[[str], Path | None] | None
) -> Path | None:
    """The first whole checkpoint that fits, asking the hub only when none here does."""
    here = next((folder for folder in references if _fits(kind, header, folder)), None)
    if here is not None or ask_hub is None:
        return here
    there = (ask_hub(hub_id) for hub_id in kind.hub_ids)
    return next((folder for folder in there if folder is not None and _fits(kind, header, folder)), None)


def _fits(kind: Kind, header: Header, folder: Path) -> bool:
    try:
        return layout_of(folder).family == kind.layout.family and kind.fits(header, folder)
    except (CheckpointInvalidError, KeyError, TypeError, IndexError):
        return False


def _write(folder: Path, file: Path, header: Header, held: set[str], reference: Path) -> None:
    index: dict[str, Any] = read_json(reference, INDEX)
    parts = parts_of(index).keys() - {"safety_checker", "feature_extractor", "image_encoder"}
    dropped = {part: [None, None] for part in parts_of(index) if part not in parts}
    folder.mkdir(parents=True)
    for part in sorted(parts):
        _write_part(folder / part, reference / part, is_in_file=part in held, file=file)
    (folder / INDEX).write_text(json.dumps(index | dropped, indent=2), encoding="utf-8")
    (folder / SINGLE_FILE).symlink_to(file)
    if header.license:
        front = yaml.safe_dump({"license": header.license})
        (folder / "README.md").write_text(f"---\n{front}---\n", encoding="utf-8")


def _write_part(folder: Path, source: Path, *, is_in_file: bool, file: Path) -> None:
    """Copy a part's configuration, and link its weights unless the file has them."""
    folder.mkdir()
    for path in sorted(path for path in source.glob("*") if path.is_file()):
        is_weight = path.name.endswith((WEIGHTS, _INDEX_OF_SHARDS))
        if path.suffix in _CONFIGURATION and not path.name.endswith(_INDEX_OF_SHARDS):
            shutil.copyfile(path, folder / path.name)
        elif is_weight and not is_in_file:
            (folder / path.name).symlink_to(path.resolve())
    has_network = (folder / "config.json").is_file()
    if has_network and not is_in_file and not any(folder.glob(f"*{WEIGHTS}")):
        raise CheckpointInvalidError(
            f"{file.name} has no {folder.name}, and the checkpoint that configures it has none either. "
            "Name a whole one of its kind with --like."
        )
