"""A learned word from its file: vectors that stand where a text names it.

Source: Gal et al. 2022, "An Image is Worth One Word: Personalizing Text-to-Image Generation using Textual Inversion".
Files of one text tower hold one tensor under the word or `emb_params`; those of SDXL `clip_l` and `clip_g`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import torch

from generation.contracts import AdapterFile
from generation.engine.adapters.files import misfit, read_tensors
from generation.errors import AdapterInvalidError

NAMES: Final = {"text_encoder": "clip_l", "text_encoder_2": "clip_g"}
"""How a file of two towers calls each."""


def read_embedding(file: AdapterFile, widths: Mapping[str, int]) -> dict[str, torch.Tensor]:
    """The vectors for each text tower, (vectors, width), float32, on the CPU; as many for each.

    Args:
        file: Safetensors.
        widths: Of the checkpoint's towers, by the names that diffusers' pipeline gives them.

    Raises:
        AdapterInvalidError: It is no learned word, or made for other towers.
    """
    tensors = read_tensors(file)
    if set(tensors) <= set(NAMES.values()):
        found = {part: tensors[name] for part, name in NAMES.items() if name in tensors}
    else:
        found = {"text_encoder": next(iter(tensors.values()))} if len(tensors) == 1 else {}
    if not found and len(tensors) != 1:
        raise AdapterInvalidError(f"The adapter {file.name} is no learned word: it holds {len(tensors)} tensors.")
    if found.keys() != widths.keys():
        raise misfit(file, "pair of text towers" if len(tensors) > 1 else "single text tower")
    vectors = {part: tensor[None] if tensor.ndim == 1 else tensor for part, tensor in found.items()}
    for part, tensor in vectors.items():
        if tensor.ndim != 2 or tensor.shape[1] != widths[part]:  # noqa: PLR2004 -- vectors and width
            raise misfit(file, f"text tower with {tensor.shape[-1]} numbers for a token")
    if len({len(tensor) for tensor in vectors.values()}) > 1:
        raise AdapterInvalidError(f"The adapter {file.name} has other numbers of vectors for each text tower.")
    return {part: tensor.float() for part, tensor in vectors.items()}
