"""The tensors of an adapter's file, which is safetensors and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file

from generation.contracts import AdapterFile
from generation.errors import AdapterInvalidError

SUFFIX: Final = ".safetensors"


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


def misfit(file: AdapterFile, layer: str) -> AdapterInvalidError:
    """The refusal of an adapter that was made for another family or size of checkpoint."""
    return AdapterInvalidError(f"The adapter {file.name} does not fit this checkpoint, which has no such {layer}.")
