"""A part out of a single file of weights in its makers' own layout, as Stability and Black Forest Labs publish them.

diffusers knows how their names and shapes become those of its classes; which classes and sizes, the folder around the
file says. Nothing is fetched.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import diffusers
import torch

from generation.errors import CheckpointInvalidError
from generation.layouts import parts_of


def read_from_file(file: Path, folder: Path, index: Mapping[str, Any], name: str, dtype: torch.dtype) -> Any:
    """One network out of the file.

    Args:
        file: Safetensors.
        folder: In diffusers layout, at least the part's configuration.
        index: The folder's.
        name: Of the part.
        dtype: Of the network.

    Raises:
        CheckpointInvalidError: The file lacks one of its layers.
        ValueError, OSError: The file's layout is unknown, or it has no such part.
    """
    pipeline = getattr(diffusers, index["_class_name"])
    others = dict.fromkeys(part for part in parts_of(index) if part not in {name, "scheduler"})
    with warnings.catch_warnings(), _no_layer_missing(name, file):
        warnings.simplefilter("ignore")  # advice of the libraries to their own developers
        made = pipeline.from_single_file(
            str(file), config=str(folder), local_files_only=True, torch_dtype=dtype, **others
        )
    network = getattr(made, name)
    if any(weight.is_meta for weight in network.parameters()):
        raise CheckpointInvalidError(_lacks(name, file))
    return network


@contextmanager
def _no_layer_missing(name: str, file: Path) -> Iterator[None]:
    """Say so when weights that the file does not have are to be moved: torch has no error class of its own for it."""
    try:
        yield
    except NotImplementedError as error:
        if "meta tensor" not in str(error):
            raise
        raise CheckpointInvalidError(_lacks(name, file)) from error


def _lacks(name: str, file: Path) -> str:
    return f"The {name} in {file.name} lacks some of its layers."
