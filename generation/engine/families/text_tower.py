"""CLIP's text tower: a text of any length to the conditioning of a row."""

from __future__ import annotations

from typing import Any, Final

import torch

from generation.engine.families import chunks
from generation.engine.families.base import TextTooLongError
from generation.engine.families.embedding_cache import EmbeddingCache, EncoderKey

MOST_CHUNKS: Final = 8
"""Eight lengths of the tower: attention costs more with each, and beyond a few no single word counts for much."""
QUOTED: Final = 30
"""Letters of a text by which a person recognises it."""


class TextTower:
    """One checkpoint's tokenizer and text encoder.

    Texts are encoded alone, chunk by chunk, and remembered, so that neither company nor repetition changes a bit.
    """

    def __init__(self, tokenizer: Any, text_encoder: Any, dtype: torch.dtype, embeddings: EmbeddingCache) -> None:
        """Make a tower.

        dtype: of the networks that are told.
        embeddings: may be shared with other towers.
        """
        self._tokenizer = tokenizer
        self._text_encoder = text_encoder
        self._dtype = dtype
        self._embeddings = embeddings
        self._key = EncoderKey()
        self._length = int(text_encoder.config.max_position_embeddings)

    def encode(self, text: str) -> torch.Tensor:
        """The last hidden state, (chunks * the tower's length, width); one chunk where the text fits.

        Raises:
            TextTooLongError: It takes more than `MOST_CHUNKS`.
        """
        return self._embeddings.get(self._key, text, self._encode)

    def _encode(self, text: str) -> torch.Tensor:
        encoded = [self._encode_chunk(chunk) for chunk in self._chunks(text)]
        return encoded[0] if len(encoded) == 1 else torch.cat(encoded)

    def _encode_chunk(self, tokens: list[int]) -> torch.Tensor:
        """A chunk's tokens between begin and end, padded as the tokenizer pads; (length, width)."""
        ids = [self._tokenizer.bos_token_id, *tokens, self._tokenizer.eos_token_id]
        ids += [self._tokenizer.pad_token_id] * (self._length - len(ids))
        hidden: torch.Tensor = self._text_encoder(torch.tensor([ids], device=self._text_encoder.device))[0][0]
        return hidden.to(self._dtype)

    def _chunks(self, text: str) -> list[list[int]]:
        """The tokens of each chunk."""
        tokens = self._tokenizer(text, add_special_tokens=False, verbose=False).input_ids
        places = chunks.split(self._tokenizer.convert_ids_to_tokens(tokens), self._length - 2)
        if len(places) > MOST_CHUNKS:
            raise TextTooLongError(
                f"“{text[:QUOTED]}…” is too long for this checkpoint, which reads about "
                f"{MOST_CHUNKS * (self._length - 2)} tokens (short words or pieces of words) of a text."
            )
        return [tokens[place] for place in places]
