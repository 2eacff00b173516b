"""Texts that were encoded lately: least recently used ones go first, so that the rest fits into a number of bytes.

A grid's rerolls, variations and upscales ask for the same texts again, and every guided picture for the empty one.
What a checkpoint that was freed has left is asked for no more, and goes first.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Final

from generation.engine.families.base import Conditioning


class EncoderKey:
    """Stands for one text encoder in memory; equal to itself alone.

    It lives as long as a text of it is remembered, so nobody else can be taken for it: neither a checkpoint's name nor
    the address of its weights could promise that when it is loaded anew. It holds no weights, so they may go before.
    """


class EmbeddingCache:
    """What encoders made of texts. Not thread-safe: the engine thread owns it.

    used_bytes: of all tensors that it keeps alive.
    """

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._kept: OrderedDict[tuple[EncoderKey, str, Hashable], Conditioning] = OrderedDict()
        self.used_bytes = 0

    def get(
        self, encoder: EncoderKey, text: str, encode: Callable[[str], Conditioning], worn: Hashable = ()
    ) -> Conditioning:
        """What `encode` gives for the text, from memory where it is there.

        worn: what changes the encoder for a while.

        Effects: forgets what was asked for longest ago when there is no room; what alone is too large is not kept.
        """
        key = (encoder, text, worn)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        embedding = encode(text)
        if _bytes_of(embedding) <= self._max_bytes:
            self._keep(key, embedding)
        return embedding

    def _keep(self, key: tuple[EncoderKey, str, Hashable], embedding: Conditioning) -> None:
        self._kept[key] = embedding
        self.used_bytes += _bytes_of(embedding)
        while self.used_bytes > self._max_bytes:
            _, forgotten = self._kept.popitem(last=False)
            self.used_bytes -= _bytes_of(forgotten)


def _bytes_of(embedding: Conditioning) -> int:
    """What keeping it costs: its tensors' storage, of which they may show only a part."""
    return sum(part.untyped_storage().nbytes() for part in embedding.tensors)


EMBEDDINGS: Final = EmbeddingCache(max_bytes=64 * 2**20)
"""One for all checkpoints of a process, which share its room: about 500 texts of SD 1.5's width in halves, or 16 of
FLUX's."""
