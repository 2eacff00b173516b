"""Prompts led away from what they mean: their conditioning turned in a direction that the seed draws.

Every token but the first is turned by a bounded angle and keeps its length: the network hears something as loud as a
text, beside all texts. The first token of a text says nothing of it and carries the attention
that nothing else asks for; turned, it would only spoil the picture.
"""

from __future__ import annotations

from typing import Final

import torch

from generation.engine.families.base import Conditioning

MOST: Final = 3000
FARTHEST: Final = 2.0
"""How far tokens are moved at the most, per length of the token: they turn by 63 degrees."""
SALT: Final = 0x5EED_3E1D
"""Keeps the directions apart from the noise that the same seed draws."""


def weirder(told: Conditioning, weird: int, seed: int, *, spared: int) -> Conditioning:
    """The conditioning of one picture at 0 to 3000; 0 is itself.

    spared: rows at the beginning that stay, the negative prompt's.
    """
    return led_away(told, FARTHEST * weird / MOST, seed ^ SALT, spared=spared) if weird else told


def led_away(told: Conditioning, distance: float, seed: int, *, spared: int) -> Conditioning:
    """Conditioning turned by a distance per length of each token, in a direction of the seed; its numbers stay.

    seed: 0 to 2**63 - 1.
    spared: rows at the beginning that stay.
    """
    generator = torch.Generator(device="cpu").manual_seed(seed)
    hidden = _turned(told.hidden, distance, generator, spared)
    pooled = None if told.pooled is None else _turned(told.pooled, distance, generator, spared)
    return Conditioning(hidden, pooled, told.numbers)


def _turned(vectors: torch.Tensor, distance: float, generator: torch.Generator, spared: int) -> torch.Tensor:
    """Vectors (rows, tokens, width) or (rows, width), each turned and as long as before.

    One direction for all tokens of a row: what every token says moves the same way and does not average out.
    """
    turned = vectors.float().clone()
    width = vectors.shape[-1]
    for row in range(spared, len(vectors)):
        direction = torch.randn(width, generator=generator)
        own = turned[row, 1:] if vectors.ndim == 3 else turned[row]  # noqa: PLR2004 -- rows, tokens, width
        length = own.norm(dim=-1, keepdim=True)
        moved = own + length * distance * (direction / direction.norm()).to(own.device)
        own.copy_(moved * (length / moved.norm(dim=-1, keepdim=True).clamp(min=1e-6)))
    return turned.to(vectors.dtype)
