"""T5's encoder: a text of up to one length to the conditioning of a row.

Source: Raffel et al. 2020, "Exploring the Limits of Transfer Learning with a Unified Text-to-Text Transformer"; padded
and unmasked, as Stable Diffusion 3 and FLUX were trained.
"""

from __future__ import annotations

from typing import Any

import torch

from generation.engine.families.base import Conditioning
from generation.engine.families.embedding_cache import EMBEDDINGS, EmbeddingCache, EncoderKey
from generation.engine.families.text_tower import too_long


class T5Tower:
    """One checkpoint's T5 tokenizer and encoder. Texts are encoded alone and remembered.

    length: tokens that every text is padded to.
    """

    def __init__(
        self, tokenizer: Any, encoder: Any, dtype: torch.dtype, length: int, embeddings: EmbeddingCache = EMBEDDINGS
    ) -> None:
        self._tokenizer = tokenizer
        self._encoder = encoder
        self._dtype = dtype
        self._embeddings = embeddings
        self._key = EncoderKey()
        self.length = length

    def encode(self, text: str) -> Conditioning:
        """One row of `length` tokens.

        Raises:
            TextTooLongError: The text has more tokens.
        """
        return self._embeddings.get(self._key, text, self._encode)

    def _encode(self, text: str) -> Conditioning:
        ids = self._tokenizer(text, padding="max_length", max_length=self.length, verbose=False).input_ids
        if len(ids) > self.length:
            raise too_long(text, self.length - 1)
        hidden: torch.Tensor = self._encoder(torch.tensor([ids], device=self._encoder.device))[0]
        return Conditioning(hidden.to(self._dtype))
