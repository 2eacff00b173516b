"""Noise that depends on a picture's seed and on nothing else."""

from __future__ import annotations

import torch


def seeded_generator(seed: int) -> torch.Generator:
    """A picture's own source of randomness, on the CPU so that every device draws the same numbers.

    seed: 0 to 2**32 - 1.
    """
    return torch.Generator(device="cpu").manual_seed(seed)


def draw(generator: torch.Generator, shape: tuple[int, int, int], device: torch.device) -> torch.Tensor:
    """Unit Gaussian noise for one picture: shape (channels, h/8, w/8), float32.

    Effects: advances the generator.
    """
    return torch.randn(shape, generator=generator, dtype=torch.float32).to(device)
