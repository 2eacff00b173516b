"""CLIP's text tower: a text of any length to the conditioning of a row."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any, Final, cast

import torch

from generation.engine.families import chunks
from generation.engine.families.base import Conditioning, TextTooLongError
from generation.engine.families.embedding_cache import EMBEDDINGS, EmbeddingCache, EncoderKey
from generation.errors import TEXT_TOO_LONG

MOST_CHUNKS: Final = 8
"""Eight lengths of the tower: attention costs more with each, and beyond a few no single word counts for much."""
QUOTED: Final = 30
"""Letters of a text by which a person recognises it."""
PENULTIMATE: Final = -2
"""The layer before the last, which later families are trained on."""


@dataclass(frozen=True, slots=True)
class Token:
    """One place of a text.

    text: as the tokenizer writes it.
    number: in the vocabulary; of a learned word any.
    vector: (width,), what a learned word puts in its place; None for words of the vocabulary.
    """

    text: str
    number: int
    vector: torch.Tensor | None = None


class TextTower:
    """One checkpoint's tokenizer and text encoder.

    Texts are encoded alone, chunk by chunk, and remembered, so that neither company nor repetition changes a bit.

    pooled_width: of a text as a whole.
    """

    def __init__(
        self,
        tokenizer: Any,
        text_encoder: Any,
        dtype: torch.dtype,
        embeddings: EmbeddingCache = EMBEDDINGS,
        *,
        layer: int | None = None,
        pools: bool = False,
        most_chunks: int = MOST_CHUNKS,
        cuts_rest: bool = False,
    ) -> None:
        """Make a tower.

        Args:
            tokenizer: The checkpoint's own.
            text_encoder: CLIP's text model, with or without its projection.
            dtype: Of the networks that are told.
            embeddings: May be shared with other towers.
            layer: Which hidden state is told, counted from the end; None tells the last one, normalised.
            pools: Whether the text as a whole is told too: the first chunk's, projected where there is a projection.
            most_chunks: Longer texts are refused.
            cuts_rest: Or cut there, where another tower reads them to their end.
        """
        self._tokenizer = tokenizer
        self._text_encoder = text_encoder
        self._dtype = dtype
        self._embeddings = embeddings
        self._layer = layer
        self._pools = pools
        self._most_chunks = most_chunks
        self._cuts_rest = cuts_rest
        self._key = EncoderKey()
        self._worn: Hashable = ()
        self._learned: Mapping[str, torch.Tensor] = {}
        self._length = int(text_encoder.config.max_position_embeddings)
        self.pooled_width = int(text_encoder.config.projection_dim)

    def encode(self, text: str) -> Conditioning:
        """One row of (chunks * the tower's length) tokens; one chunk where the text fits.

        Raises:
            TextTooLongError: It takes more chunks than this tower reads.
        """
        return self._embeddings.get(self._key, text, self._encode, self._worn)

    @property
    def encoder(self) -> Any:
        """Its network."""
        return self._text_encoder

    @contextmanager
    def wearing(self, worn: Hashable, learned: Mapping[str, torch.Tensor]) -> Iterator[None]:
        """Inside, its texts are encoded with adapters.

        Args:
            worn: What changes its outputs, for its memory of texts.
            learned: (vectors, width) that stand where a text says `<name>`, by name.
        """
        self._worn, self._learned = worn, learned
        try:
            yield
        finally:
            self._worn, self._learned = (), {}

    @property
    def vocabulary(self) -> Iterable[str]:
        """All tokens that the checkpoint knows, as its tokenizer writes them."""
        return cast("Iterable[str]", self._tokenizer.get_vocab())

    def encode_short(self, texts: Sequence[str]) -> torch.Tensor:
        """The hidden states of short texts at once, (texts, tokens, width); what is too long is cut, none is kept.

        In company a text's bits may differ: this is for those who want to know about texts and paint none.
        """
        tokens = self._tokenizer(
            list(texts), padding="max_length", truncation=True, max_length=self._length, return_tensors="pt"
        )
        told = self._text_encoder(
            tokens.input_ids.to(self._text_encoder.device), output_hidden_states=self._layer is not None
        )
        hidden: torch.Tensor = told.last_hidden_state if self._layer is None else told.hidden_states[self._layer]
        return hidden

    def _encode(self, text: str) -> Conditioning:
        encoded = [self._encode_chunk(chunk) for chunk in self._chunks(text)]
        if len(encoded) == 1:
            return encoded[0]
        return Conditioning(torch.cat([chunk.hidden for chunk in encoded], dim=1), encoded[0].pooled)

    def _encode_chunk(self, tokens: list[Token]) -> Conditioning:
        """A chunk's tokens between begin and end, padded as the tokenizer pads."""
        ids = [self._tokenizer.bos_token_id, *(token.number for token in tokens), self._tokenizer.eos_token_id]
        ids += [self._tokenizer.pad_token_id] * (self._length - len(ids))
        with self._told_vectors(tokens):
            told = self._text_encoder(
                torch.tensor([ids], device=self._text_encoder.device), output_hidden_states=self._layer is not None
            )
        hidden = told.last_hidden_state if self._layer is None else told.hidden_states[self._layer]
        if not self._pools:
            return Conditioning(hidden.to(self._dtype))
        pooled = told.text_embeds if "text_embeds" in told else told.pooler_output
        return Conditioning(hidden.to(self._dtype), pooled.to(self._dtype))

    def _told_vectors(self, tokens: Sequence[Token]) -> AbstractContextManager[Any]:
        """Inside, learned words of a chunk are told by their vectors; the first token is the begin."""
        vectors = {place: token.vector for place, token in enumerate(tokens, 1) if token.vector is not None}
        if not vectors:
            return nullcontext()

        def tell(_layer: Any, _inputs: Any, told: torch.Tensor) -> torch.Tensor:
            told = told.clone()
            for place, vector in vectors.items():
                told[:, place] = vector.to(told)
            return told

        return _hooked(self._text_encoder.get_input_embeddings(), tell)

    def _tokens(self, text: str) -> list[Token]:
        """The tokens of a text; a learned word is as many as it has vectors."""
        if not self._learned:
            return self._plain_tokens(text)
        names = "|".join(re.escape(f"<{name}>") for name in self._learned)
        tokens: list[Token] = []
        for piece in re.split(f"({names})", text):
            learned = self._learned.get(piece[1:-1]) if piece.startswith("<") and piece.endswith(">") else None
            tokens += self._plain_tokens(piece) if learned is None else self._learned_tokens(learned)
        return tokens

    def _plain_tokens(self, text: str) -> list[Token]:
        numbers = self._tokenizer(text, add_special_tokens=False, verbose=False).input_ids
        return list(map(Token, self._tokenizer.convert_ids_to_tokens(numbers), numbers))

    def _learned_tokens(self, vectors: torch.Tensor) -> list[Token]:
        """One word of so many tokens: a chunk is cut behind it, and not inside, where it can be."""
        last = len(vectors) - 1
        ends = [chunks.WORD_END if place == last else "" for place in range(len(vectors))]
        return [Token(end, self._tokenizer.bos_token_id, vector) for end, vector in zip(ends, vectors, strict=True)]

    def _chunks(self, text: str) -> list[list[Token]]:
        """The tokens of each chunk."""
        tokens = self._tokens(text)
        places = chunks.split([token.text for token in tokens], self._length - 2)
        if len(places) > self._most_chunks and not self._cuts_rest:
            raise too_long(text, self._most_chunks * (self._length - 2))
        return [tokens[place] for place in places[: self._most_chunks]]


@contextmanager
def _hooked(layer: Any, hook: Any) -> Iterator[None]:
    """Let a hook change what a layer gives, inside the context."""
    handle = layer.register_forward_hook(hook)
    try:
        yield
    finally:
        handle.remove()


def too_long(text: str, tokens: int) -> TextTooLongError:
    """The refusal of a text that has more tokens than the checkpoint reads."""
    return TextTooLongError(TEXT_TOO_LONG.format(text=text[:QUOTED], tokens=tokens))
