"""Prompts longer than a text tower: cut into chunks of the tower's length, each encoded alone, laid end to end.

A cut falls after a comma within the last tokens of a chunk, else after a whole word, else where the chunk is full. The
U-Net attends to any number of tokens, so it takes the chunks as one longer text.

Source: the practice of AUTOMATIC1111's stable-diffusion-webui ("infinite prompt length", its setting of 20 tokens for
word wrap included) and of compel (`truncate_long_prompts=False`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

BACKTRACK: Final = 20
"""Tokens at the end of a chunk that may move to the next one, so that a phrase stays whole."""
WORD_END: Final = "</w>"
"""How CLIP's byte-pair encoding marks the last token of a word; a comma is a word of its own."""


def split(tokens: Sequence[str], capacity: int) -> list[slice]:
    """Where the chunks of a text lie, in order and without a gap; one empty chunk for the empty text.

    tokens: as the tokenizer writes them, begin and end left out.
    capacity: tokens that one chunk takes, at least 1.
    """
    chunks, start = [], 0
    while len(tokens) - start > capacity:
        end = start + _cut(tokens[start : start + capacity])
        chunks.append(slice(start, end))
        start = end
    return [*chunks, slice(start, len(tokens))]


def _cut(full: Sequence[str]) -> int:
    """How many tokens of a full chunk stay in it."""
    places = range(len(full), max(len(full) - BACKTRACK, 1) - 1, -1)
    commas = (place for place in places if full[place - 1].removesuffix(WORD_END).endswith(","))
    words = (place for place in places if full[place - 1].endswith(WORD_END))
    return next(commas, None) or next(words, len(full))
