"""What IP-Adapters make of pictures, remembered as encoded texts are: a grid and its rerolls look at each once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

import torch

from generation.contracts import AdapterFile, Raster
from generation.engine.adapters.eyes import Eyes
from generation.engine.adapters.image_prompts import behind
from generation.engine.adapters.worn import Worn
from generation.engine.embeddings import Looks
from generation.engine.families.base import Conditioning
from generation.engine.families.embedding_cache import EMBEDDINGS, EmbeddingCache, EncoderKey


class PictureTokens:
    """Pictures for one checkpoint's network, each looked at alone, so that no company changes a bit."""

    def __init__(self, eyes: Callable[[AdapterFile], Eyes], memory: EmbeddingCache = EMBEDDINGS) -> None:
        """eyes: gives what an adapter looks with; memory: shared with all that is encoded."""
        self._eyes = eyes
        self._memory = memory
        self._key = EncoderKey()

    def behind(self, worn: Worn, pictures: Sequence[Raster], weights: Sequence[float]) -> torch.Tensor:
        """What follows a text, (2, tokens, width), as `Family.shown` says.

        Raises:
            AdapterInvalidError: The adapter cannot be read, or was made for another checkpoint.
        """
        return behind([self._tokens(worn.file, picture) for picture in pictures], weights)

    def _tokens(self, file: AdapterFile, picture: Raster) -> torch.Tensor:
        told = self._memory.get(self._key, _digest(picture), lambda _: self._look(file, picture), file)
        return told.hidden

    def _look(self, file: AdapterFile, picture: Raster) -> Conditioning:
        eyes = self._eyes(file)
        pixels = Looks.of(eyes.folder, eyes.side_px).pixels(picture)
        return Conditioning(eyes.tokens(pixels[None]))


def _digest(picture: Raster) -> str:
    """Of its size and its pixels."""
    size = f"{picture.width_px} x {picture.height_px}: "
    return hashlib.sha256(size.encode() + picture.rgb).hexdigest()
