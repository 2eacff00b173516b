"""Shorter prompts: which words of a text move what CLIP makes of it, and the text without those that hardly do.

Each word is left out once; the farther the text's direction then turns, the more the word tells. A text that is longer
than the tower is read in chunks of whole words, as the networks read it, and lies where the chunks lie together.

Source: leave-one-out occlusion (Li, Monroe & Jurafsky 2016, "Understanding Neural Networks through Representation
Erasure").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import torch

from generation.errors import TooManyWordsError

MOST_WORDS: Final = 120
"""Every word is one more text of a forward pass."""
SHARES: Final = (0.8, 0.6, 0.45, 0.3, 0.15)
"""Of the words that may go, those that stay in each shorter prompt."""
_WORD: Final = re.compile(r"([^\s，、；]*[^\s,;，、；])\s*([,;，、；]?)")  # noqa: RUF001 -- typed by Chinese keyboards

_LEADING: Final = frozenset(
    {
        "a", "an", "the", "this", "that", "his", "her", "its", "their",
        "of", "in", "on", "at", "by", "to", "from", "with", "without",
        "and", "or", "under", "over", "above", "below", "behind", "before", "between",
        "among", "beside", "inside", "into", "through", "near", "around", "across", "against",
        "during", "while",
    }
)  # fmt: skip
"""Words that mean nothing without the next one."""


class ReadsTexts(Protocol):
    """The half of a CLIP that reads, as `embeddings.ClipEncoder` has one. capacity: tokens that a text may have."""

    capacity: int

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """How many tokens each text has."""
        ...

    def embed_texts(self, texts: Sequence[str]) -> torch.Tensor:
        """Directions (texts, dimensions), float32, of length 1."""
        ...


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a prompt.

    part: the number of its part, from 0.
    comma: what stands behind it, empty or one character.
    move: 0 to 1, how far the text turns without it, relative to the word that turns it farthest.
    """

    text: str
    part: int
    comma: str
    move: float = 0.0


@dataclass(frozen=True, slots=True)
class Shortened:
    """What there is to say about a prompt's words.

    words: all of them, in order.
    shorter: up to five prompts, longest first; of each the text of every part, none empty.
    """

    words: tuple[Word, ...]
    shorter: tuple[tuple[str, ...], ...]


def shorten(clip: ReadsTexts, parts: Sequence[str]) -> Shortened:
    """Rank the words of a prompt and leave out ever more of those that tell least.

    Every part keeps its most telling word, so that their weights stay true. A prompt that has no more words than parts
    has no shorter one.

    parts: their texts, without weights and parameters.

    Raises:
        TooManyWordsError: There are more than 120 words.
    """
    words = [Word(found[1], number, found[2]) for number, part in enumerate(parts) for found in _WORD.finditer(part)]
    if len(words) > MOST_WORDS:
        raise TooManyWordsError(
            f"This prompt has {len(words)} words. At most {MOST_WORDS} can be ranked. Leave some out."
        )
    if not words:
        return Shortened((), ())
    moves = _moves(clip, [word.text for word in words])
    farthest = max(moves) or 1.0
    ranked = [Word(word.text, word.part, word.comma, move / farthest) for word, move in zip(words, moves, strict=True)]
    return Shortened(tuple(ranked), tuple(_without(ranked, kept) for kept in _kept(ranked)))


def _moves(clip: ReadsTexts, words: Sequence[str]) -> list[float]:
    """1 minus the cosine between the text and the text without each word. One forward pass."""
    sizes = clip.count_tokens(words)
    chunks = _chunks(sizes, clip.capacity)
    whole = [" ".join(words[chunk]) for chunk in chunks]
    without = [
        " ".join((*words[chunk.start : place], *words[place + 1 : chunk.stop]))
        for chunk in chunks
        for place in range(chunk.start, chunk.stop)
    ]
    told = clip.embed_texts([*whole, *without])
    weights = torch.tensor([float(sum(sizes[chunk])) for chunk in chunks])
    of_chunk = torch.tensor([number for number, chunk in enumerate(chunks) for _ in words[chunk]])
    text = weights @ told[: len(chunks)]
    moved = text + weights[of_chunk, None] * (told[len(chunks) :] - told[of_chunk])
    cosines = torch.nn.functional.cosine_similarity(moved, text[None], dim=1)
    return [max(0.0, 1 - cosine) for cosine in cosines.tolist()]


def _chunks(sizes: Sequence[int], capacity: int) -> list[slice]:
    """Words that the tower reads at once; one that is longer than the tower stands alone and is cut by it."""
    chunks, start, used = [], 0, 0
    for place, size in enumerate(sizes):
        if place > start and used + size > capacity:
            chunks.append(slice(start, place))
            start, used = place, 0
        used += size
    return [*chunks, slice(start, len(sizes))]


def _kept(words: Sequence[Word]) -> list[list[int]]:
    """Which words stay in each shorter prompt, in order; each has fewer telling words than the one before."""
    tied = _tied(words)
    telling = [place for place in range(len(words)) if tied[place] == place]
    ranking = sorted(telling, key=lambda place: -words[place].move)
    firsts = list({words[place].part: place for place in reversed(ranking)}.values())
    ranking = [*firsts, *(place for place in ranking if place not in firsts)]
    kept, count = [], len(ranking)
    for share in SHARES:
        count = min(count - 1, len(firsts) + round((len(ranking) - len(firsts)) * share))
        if count < len(firsts):
            break
        kept.append([place for place, head in enumerate(tied) if head in ranking[:count]])
    return kept


def _tied(words: Sequence[Word]) -> list[int]:
    """The word with which each stays or goes: articles and prepositions with what they lead to, others with none."""
    heads = list(range(len(words)))
    for place in range(len(words) - 2, -1, -1):
        is_apart = bool(words[place].comma) or words[place].part != words[place + 1].part
        if words[place].text.lower() in _LEADING and not is_apart:
            heads[place] = heads[place + 1]
    return heads


def _without(words: Sequence[Word], kept: Sequence[int]) -> tuple[str, ...]:
    """The text of every part with the words that are kept; commas stay where any stood between two of them."""
    texts: dict[int, str] = {}
    before = 0
    for place in kept:
        word = words[place]
        if (text := texts.get(word.part)) is None:
            texts[word.part] = word.text
        else:
            texts[word.part] = text + _gap(words[before:place]) + word.text
        before = place
    return tuple(texts[part] for part in sorted(texts))


def _gap(words: Sequence[Word]) -> str:
    """What stands between the first of these words and the one behind the last."""
    comma = next((word.comma for word in words if word.comma), "")
    return comma if comma in "，、；" and comma else f"{comma} "  # noqa: RUF001 -- wide enough without a space
