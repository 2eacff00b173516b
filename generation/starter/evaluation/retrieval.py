"""Whether CLIP finds the caption of a picture among a hundred, and the picture of a caption."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import torch

from generation.starter.training.measures import top_one
from generation.starter.training.networks import embed

GROUP: Final = 100


@torch.no_grad()
def retrieval(
    clip: Any, tokenizer: Any, pictures: npt.NDArray[np.uint8], prompts: Sequence[str], device: str
) -> dict[str, float]:
    """Top-1 in both directions, averaged over groups of 100 (or one smaller group)."""
    size = min(GROUP, len(prompts))
    found = []
    for start in range(0, len(prompts) - size + 1, size):
        texts = list(prompts[start : start + size])
        ids = tokenizer(texts, padding="max_length", truncation=True, return_tensors="pt").input_ids
        shown = torch.from_numpy(pictures[start : start + size])
        found.append(top_one(*embed(clip, shown.to(device), ids.to(device))))
    there, back = np.mean(found, axis=0)
    return {"image to text": round(float(there), 3), "text to image": round(float(back), 3), "of": size}
