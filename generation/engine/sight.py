"""Pictures said in the language of a checkpoint's network, so that they can stand in a prompt beside its words.

A CLIP puts pictures and texts into one space, and what a network is told of a text depends nearly linearly on where
the text lies there. One matrix, fitted once on texts of random words, leads from that place back to what the network
would be told; given the place of a picture, it says what the picture shows.

Source: least squares with a ridge (Hoerl & Kennard 1970, "Ridge Regression"); the idea of a linear way from CLIP's
space into another model's is that of Merullo et al. 2023, "Linearly Mapping from Image to Text Space".
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final, Protocol

import torch

from generation.contracts import Raster

FEWEST_TEXTS: Final = 512
TEXTS_PER_DIMENSION: Final = 4
MOST_WORDS: Final = 6
"""Words of a text that the matrix is fitted on: about as many as a picture shows things."""
RIDGE: Final = 1.0
BATCH: Final = 64
_WORD: Final = re.compile(r"([a-z]{3,})</w>")
"""How CLIP's byte-pair encoding writes a whole word."""


class SeesBoth(Protocol):
    """A CLIP, as `embeddings.ClipEncoder` is one."""

    dimensions: int

    def embed_pictures(self, pictures: Sequence[Raster]) -> torch.Tensor:
        """Directions (pictures, dimensions), float32, of length 1."""
        ...

    def embed_texts(self, texts: Sequence[str]) -> torch.Tensor:
        """Directions (texts, dimensions), float32, of length 1."""
        ...


class Sight:
    """Looks at pictures for one checkpoint. Fitted when it is first used, which takes several hundred texts."""

    def __init__(
        self, clip: SeesBoth, encode_texts: Callable[[Sequence[str]], torch.Tensor], words: Iterable[str]
    ) -> None:
        """Nothing is computed yet.

        Args:
            clip: Sees pictures and texts.
            encode_texts: What the network is told of short texts, (texts, tokens, width).
            words: That the checkpoint knows.
        """
        self._clip = clip
        self._encode_texts = encode_texts
        self._words = sorted(words)
        self._fitted: tuple[torch.Tensor, torch.Tensor] | None = None

    def tell(self, pictures: Sequence[Raster], weights: Sequence[float]) -> torch.Tensor:
        """What the network would be told of a text that says what the pictures show together, each by its weight.

        Returns:
            (1, tokens, width), float32, on the CPU.
        """
        matrix, lengths = self._fit()
        shares = torch.tensor(weights, dtype=torch.float32) / sum(weights)
        place = shares @ self._clip.embed_pictures(pictures).cpu()
        hidden = (_with_one(place[None]).double() @ matrix).float().view(len(lengths), -1)
        as_long: torch.Tensor = hidden * (lengths / hidden.norm(dim=-1).clamp(min=1e-6))[:, None]
        return as_long[None]

    def _fit(self) -> tuple[torch.Tensor, torch.Tensor]:
        """The matrix (dimensions + 1, tokens * width), float64, and the mean length of each token's vector."""
        if self._fitted is None:
            texts = _texts(self._words, max(FEWEST_TEXTS, TEXTS_PER_DIMENSION * self._clip.dimensions))
            batches = [texts[start : start + BATCH] for start in range(0, len(texts), BATCH)]
            places = _with_one(torch.cat([self._clip.embed_texts(batch) for batch in batches]).cpu()).double()
            hidden = torch.cat([self._encode_texts(batch).float().cpu() for batch in batches])
            square = places.T @ places + RIDGE * torch.eye(places.shape[1], dtype=torch.float64)
            matrix = torch.linalg.solve(square, places.T @ hidden.flatten(1).double())
            self._fitted = matrix, hidden.norm(dim=-1).mean(dim=0)
        return self._fitted


def whole_words(vocabulary: Iterable[str]) -> list[str]:
    """The words among the tokens of a CLIP's vocabulary."""
    return [found[1] for token in vocabulary if (found := _WORD.fullmatch(token))]


def _texts(words: Sequence[str], count: int) -> list[str]:
    """Texts of one to a few random words; the same every time."""
    chance = random.Random(0)  # noqa: S311 -- no secret
    return [" ".join(chance.choices(words, k=chance.randint(1, MOST_WORDS))) for _ in range(count)]


def _with_one(places: torch.Tensor) -> torch.Tensor:
    """Places with a last coordinate of 1, for what all texts have in common."""
    return torch.cat([places, torch.ones_like(places[:, :1])], dim=1)
