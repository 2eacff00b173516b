"""Guidance without overexposure: the guided output gets back the spread that its prompt alone has.

A large scale blows up the network's output, and pictures come out with burnt lights and drowned shadows. The paper and
diffusers' `rescale_noise_cfg` apply it to what the network says, noise or velocity as it may be, and so does this.

Source: Lin et al. 2023, "Common Diffusion Noise Schedules and Sample Steps are Flawed", section 3.4.
"""

from __future__ import annotations

import torch


def rescale(guided: torch.Tensor, positive: torch.Tensor, phi: float) -> torch.Tensor:
    """One picture's guided output, its standard deviation moved towards that of the positive output.

    The spread is summed over one picture and in one order of its values, whatever the memory layout that the network
    left them in, so that the result does not depend on the other pictures of the batch.

    Args:
        guided: (channels, h, w), float32.
        positive: (channels, h, w), float32, the same picture's output at scale 1.
        phi: 0 for no change to 1 for the positive output's spread.

    Returns:
        (channels, h, w), float32.
    """
    ratio = positive.flatten().std() / guided.flatten().std()
    return guided * (phi * ratio + (1 - phi))
