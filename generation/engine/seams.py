"""Pictures whose edges meet: every convolution sees beyond an edge what lies at the opposite one.

Attention knows no places in the networks that are built of convolutions, so their padding is all that tells an edge
from the middle.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import torch
import torch.nn.functional as F  # noqa: N812 -- torch's own name for it
from torch import nn

MARGIN: Final = 8
"""Latent positions that an encoder is shown beyond each edge, where they reach so far."""


@contextmanager
def edges_meet(network: nn.Module, *, seamless: bool = True) -> Iterator[None]:
    """Let a network pad its convolutions with the opposite edge, inside the context and, if `seamless`, only then.

    Not safe for concurrency: whoever runs the network meanwhile pads so too. The engine thread alone runs networks.
    """
    turned = _padded_convolutions(network) if seamless else []
    for convolution in turned:
        convolution.padding_mode = "circular"
    try:
        yield
    finally:
        for convolution in turned:
            convolution.padding_mode = "zeros"


def has_seamless_form(network: nn.Module) -> bool:
    """Whether its convolutions are what tells it where an edge is."""
    return bool(_padded_convolutions(network))


def wrapped(pixels: torch.Tensor, scale: int) -> tuple[torch.Tensor, int]:
    """Pixels with what lies at the opposite edges around them, and that margin in latent positions.

    An encoder halves its size with padding of its own on two sides only; shown a margin, it needs none.

    pixels: (n, channels, height, width), the sides whole multiples of `scale` pixels per latent position.
    """
    margin = min(MARGIN, pixels.shape[-1] // scale, pixels.shape[-2] // scale)
    return F.pad(pixels, (margin * scale,) * 4, mode="circular"), margin


def _padded_convolutions(network: nn.Module) -> list[nn.Conv2d]:
    convolutions = [module for module in network.modules() if isinstance(module, nn.Conv2d)]
    return [one for one in convolutions if one.padding_mode == "zeros" and any(one.padding)]
