"""Both towers of CLIP: pictures and texts as directions in one space.

The nearer two directions are, the more a picture shows what a text says, or what another picture shows. One encoder
serves all pictures of a server, whatever checkpoint painted them, so that they can be compared.

Source: Radford et al. 2021, "Learning Transferable Visual Models From Natural Language Supervision".
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import torch
from PIL import Image
from safetensors import SafetensorError
from transformers import CLIPModel, CLIPTokenizer

from generation.contracts import PromptPart, Raster
from generation.engine.hardware import best_dtype
from generation.engine.images import to_image
from generation.errors import CheckpointInvalidError

DIGITS: Final = 12
BATCH: Final = 16
OPENAI_MEAN: Final = (0.48145466, 0.4578275, 0.40821073)
OPENAI_STD: Final = (0.26862954, 0.26130258, 0.27577711)


@dataclass(frozen=True, slots=True)
class Looks:
    """How a picture tower wants its pixels.

    side_px: of the square that it sees.
    mean, std: of the red, green and blue of what it was trained on, 0 to 1.
    """

    side_px: int
    mean: tuple[float, ...] = OPENAI_MEAN
    std: tuple[float, ...] = OPENAI_STD

    @classmethod
    def of(cls, folder: Path, side_px: int) -> Self:
        """As the folder's `preprocessor_config.json` says; without one, as the first CLIP had it."""
        file = folder / "preprocessor_config.json"
        said = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
        return cls(side_px, tuple(said.get("image_mean", OPENAI_MEAN)), tuple(said.get("image_std", OPENAI_STD)))

    def pixels(self, picture: Raster) -> torch.Tensor:
        """The middle square of a picture, normalised: (3, side, side), float32."""
        image = to_image(picture)
        scale = self.side_px / min(image.size)
        image = image.resize([max(self.side_px, round(side * scale)) for side in image.size], Image.Resampling.BICUBIC)
        left, top = ((side - self.side_px) // 2 for side in image.size)
        square = np.asarray(image.crop((left, top, left + self.side_px, top + self.side_px)), dtype=np.float32) / 255
        normal = (square - np.array(self.mean, dtype=np.float32)) / np.array(self.std, dtype=np.float32)
        return torch.from_numpy(normal).permute(2, 0, 1)


class ClipEncoder:
    """A CLIP in memory. Its methods may be called from any thread; each holds it for itself.

    name: tells this encoder's directions from those of any other, also after its weights were exchanged.
    dimensions: of a direction.
    capacity: tokens that a text may have, begin and end left out.
    """

    def __init__(self, clip: Any, tokenizer: Any, looks: Looks, name: str) -> None:
        self._clip = clip
        self._tokenizer = tokenizer
        self._looks = looks
        self.name = name
        self.dimensions = int(clip.config.projection_dim)
        self._length = int(clip.config.text_config.max_position_embeddings)
        self.capacity = self._length - 2

    @torch.inference_mode()
    def embed_pictures(self, pictures: Sequence[Raster], *, quick: bool = False) -> torch.Tensor:
        """Directions (pictures, dimensions), float32, of length 1.

        quick: in half precision where that is fast, at half the cost; the directions lie within a cosine of 0.999 of
            the others. For finding pictures, and not where a choice hangs on it that must be the same everywhere.
        """
        device = self._clip.device
        batches = [pictures[start : start + BATCH] for start in range(0, len(pictures), BATCH)]
        dtype = best_dtype(device)
        with torch.autocast(device.type, dtype, enabled=quick and dtype != torch.float32):
            return torch.cat([self._embed_pictures(batch) for batch in batches])

    @torch.inference_mode()
    def embed_texts(self, texts: Sequence[str]) -> torch.Tensor:
        """Directions (texts, dimensions), float32, of length 1. What is beyond the tower's length is cut off.

        No token sees those behind it, so texts are filled up to the longest of them only.
        """
        tokens = self._tokenizer(
            list(texts), padding=True, truncation=True, max_length=self._length, return_tensors="pt"
        )
        pooled = self._clip.text_model(input_ids=tokens.input_ids.to(self._clip.device)).pooler_output
        return _directions(self._clip.text_projection(pooled))

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """How many tokens each text has, begin and end left out."""
        told = self._tokenizer(list(texts), add_special_tokens=False, verbose=False).input_ids
        return [len(tokens) for tokens in told]

    def _embed_pictures(self, pictures: Sequence[Raster]) -> torch.Tensor:
        pixels = torch.stack([self._looks.pixels(picture) for picture in pictures]).to(self._clip.device)
        return _directions(self._clip.visual_projection(self._clip.vision_model(pixels).pooler_output))

    def scores(self, directions: torch.Tensor, parts: Sequence[PromptPart]) -> torch.Tensor:
        """How well pictures show a prompt: the mean cosine to its parts by their weights, (pictures,), -1 to 1.

        directions: (pictures, dimensions), as `embed_pictures` gave them.
        parts: a negative weight counts against what it names.
        """
        weights = torch.tensor([part.weight for part in parts], dtype=torch.float32)
        cosines = directions @ self.embed_texts([part.text for part in parts]).T
        return (cosines @ weights) / weights.abs().sum()


def load_clip(folder: str | Path, *, device: torch.device | str = "cpu") -> ClipEncoder:
    """Load a CLIP in the layout of transformers, with its tokenizer in the same folder or in `tokenizer` beside it.

    Raises:
        CheckpointInvalidError: There is none, or its weights cannot be read.
    """
    folder = Path(folder)
    tokens = folder if (folder / "tokenizer_config.json").is_file() else folder.parent / "tokenizer"
    try:
        model: Any = CLIPModel
        clip = model.from_pretrained(folder, dtype=torch.float32, use_safetensors=True, local_files_only=True)
        tokenizer = CLIPTokenizer.from_pretrained(tokens, local_files_only=True)
        looks = Looks.of(folder, int(clip.config.vision_config.image_size))
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        raise CheckpointInvalidError(f"There is no CLIP in {folder} that could be loaded: {error}") from error
    frozen = clip.eval().requires_grad_(requires_grad=False).to(device)
    return ClipEncoder(frozen, tokenizer, looks, _name(folder))


def _name(folder: Path) -> str:
    """`clip-` and the beginning of the hash of its weights, which says what a folder's name cannot promise."""
    digest = hashlib.sha256()
    for file in sorted(folder.glob("*.safetensors")):
        with file.open("rb") as weights:
            digest.update(hashlib.file_digest(weights, "sha256").digest())
    return f"clip-{digest.hexdigest()[:DIGITS]}"


def _directions(vectors: torch.Tensor) -> torch.Tensor:
    return torch.nn.functional.normalize(vectors.float(), dim=-1).cpu()
