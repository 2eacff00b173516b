"""The tensors of an adapter's file, which is safetensors and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file

from generation.contracts import AdapterFile
from generation.errors import AdapterInvalidError

SUFFIX: Final = ".safetensors"
PLAIN, RESAMPLED = "proj.weight", "latents"
"""The tensors by which an IP-Adapter's way from a picture to tokens is told: one product, or one that resamples."""
PLAIN_TOKENS: Final = 4


class ImagePromptTensors(NamedTuple):
    """The two halves of an IP-Adapter.

    projection: from what an image encoder says to tokens.
    layers: `N.to_k_ip.weight` and `N.to_v_ip.weight`.
    tokens: that stand for a picture.
    """

    projection: Mapping[str, torch.Tensor]
    layers: Mapping[str, torch.Tensor]
    tokens: int


def read_tensors(file: AdapterFile) -> dict[str, torch.Tensor]:
    """All tensors by their names, on the CPU.

    Raises:
        AdapterInvalidError: The file is not there, of another kind, or damaged.
    """
    path = Path(file.path)
    if path.suffix != SUFFIX:
        raise AdapterInvalidError(f"{path.name} is no safetensors file, and nothing else is read: it could run code.")
    if not path.is_file():
        raise AdapterInvalidError(f"The file of the adapter {file.name} is not on this machine: {path.name}.")
    try:
        return load_file(path)
    except (SafetensorError, OSError) as error:
        raise AdapterInvalidError(f"{path.name} cannot be read: the file is damaged or not complete.") from error


def read_image_prompt(file: AdapterFile) -> ImagePromptTensors:
    """The tensors of an IP-Adapter, on the CPU.

    Raises:
        AdapterInvalidError: As `read_tensors`; or it is none, or one of a kind that is not known here.
    """
    tensors = read_tensors(file)
    projection, layers = (_below(prefix, tensors) for prefix in ("image_proj.", "ip_adapter."))
    if len(projection) + len(layers) != len(tensors) or not layers or not {PLAIN, RESAMPLED} & projection.keys():
        raise AdapterInvalidError(f"The adapter {file.name} is no IP-Adapter, or one of a kind that is not known here.")
    tokens = PLAIN_TOKENS if PLAIN in projection else projection[RESAMPLED].shape[1]
    return ImagePromptTensors(projection, layers, tokens)


def _below(prefix: str, tensors: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    return {name.removeprefix(prefix): tensor for name, tensor in tensors.items() if name.startswith(prefix)}


def misfit(file: AdapterFile, layer: str) -> AdapterInvalidError:
    """The refusal of an adapter that was made for another family or size of checkpoint."""
    return AdapterInvalidError(f"The adapter {file.name} does not fit this checkpoint, which has no such {layer}.")
