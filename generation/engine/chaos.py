"""Grids whose pictures differ more than their seeds make them.

The noise of two seeds has nothing in common already. What still holds a grid together is the prompt, its guidance and
the even gray on which every run begins; chaos moves all three, for each picture in a direction of its own seed.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

import torch
import torch.nn.functional as F  # noqa: N812 -- torch's own name for it

from generation.engine.families.base import Conditioning
from generation.engine.sampling.guidance import Guidance
from generation.engine.weird import led_away

MOST: Final = 100
GUIDANCE_SPREAD: Final = 0.7
"""At full chaos guidance is multiplied by e to the power of minus to plus this."""
WEIGHT_SPREAD: Final = 0.7
"""At full chaos so are the weights of a prompt's parts, by a standard deviation of this."""
TEXT_DISTANCE: Final = 0.35
"""How far the conditioning is turned at full chaos; see `weird.led_away`."""
TINT_SPREAD: Final = 0.45
"""Standard deviation of the soft light and color that full chaos lays under the noise, per that of the noise. A run
takes over what lies under its first noise (Lin et al. 2023, section 3.1), as its layout of light and dark."""
TINT_CELLS: Final = 3
SALT: Final = 0x0CA0_5EED


def spread_guidance(guidance: Guidance, chaos: int, seed: int) -> Guidance:
    """The guidance of one picture at 0 to 100; at 0 it is itself, and so is one that is off."""
    if not chaos:
        return guidance
    share, generator = chaos / MOST, _generator(seed, 0)
    turn = float(torch.rand((), generator=generator)) * 2 - 1
    pulls = torch.randn(len(guidance.part_weights), generator=generator).tolist()
    scale = guidance.scale * math.exp(share * GUIDANCE_SPREAD * turn) if guidance.needs_unconditional else 1.0
    jittered = (w * math.exp(share * WEIGHT_SPREAD * p) for w, p in zip(guidance.part_weights, pulls, strict=True))
    return replace(guidance, scale=scale, part_weights=_with_positive_sum(tuple(jittered), guidance.part_weights))


def spread_conditioning(told: Conditioning, chaos: int, seed: int, *, spared: int) -> Conditioning:
    """The conditioning of one picture; spared: rows at the beginning that stay, the negative prompt's."""
    return led_away(told, TEXT_DISTANCE * chaos / MOST, (seed ^ SALT) + (1 << 32), spared=spared) if chaos else told


def spread_noise(noise: torch.Tensor, chaos: int, seed: int) -> torch.Tensor:
    """The noise that one picture starts from, (channels, h, w), over a soft light of its own; as strong as before."""
    if not chaos:
        return noise
    channels, height, width = noise.shape
    cells = torch.randn((1, channels, TINT_CELLS, TINT_CELLS), generator=_generator(seed, 2))
    tint = F.interpolate(cells, size=(height, width), mode="bicubic", align_corners=False)[0].to(noise.device)
    amount = TINT_SPREAD * chaos / MOST
    return (noise + tint * amount) / math.hypot(1, amount)


def _with_positive_sum(jittered: tuple[float, ...], weights: tuple[float, ...]) -> tuple[float, ...]:
    """Weights that still add up to something, where negative ones may have won."""
    enough = sum(weights) / 2
    return jittered if sum(jittered) >= enough else weights


def _generator(seed: int, use: int) -> torch.Generator:
    """A source of randomness for one use, apart from the noise that the same seed draws."""
    return torch.Generator(device="cpu").manual_seed((seed ^ SALT) + (use << 32))
