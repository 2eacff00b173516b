"""What a network's output means, as three numbers per step.

A network is given `c_in * x`, and its estimate of the clean latents is `D = c_skip * x + c_out * output`. With these
numbers in the table nothing else needs to know what a network predicts, nor in which form x is kept: one function per
form.

Source: Karras et al. 2022, "Elucidating the Design Space of Diffusion-Based Generative Models", section 5; Salimans &
Ho 2022, "Progressive Distillation for Fast Sampling of Diffusion Models" (v); Lipman et al. 2023, "Flow Matching for
Generative Modeling".
"""

from __future__ import annotations

import math
from typing import Literal, NamedTuple

Prediction = Literal["epsilon", "v_prediction", "sample", "flow"]
"""The noise; the velocity `alpha*noise - sigma*clean`; the clean latents; the flow `noise - clean`."""


class Preconditioning(NamedTuple):
    """The network sees `c_in * x` and means `D = c_skip * x + c_out * output`."""

    c_in: float
    c_skip: float
    c_out: float


def variance_exploding(prediction: Prediction, sigma: float) -> Preconditioning:
    """For `x = clean + sigma * noise`; the network was trained on x of unit variance."""
    scale = math.hypot(sigma, 1)
    if prediction == "epsilon":
        return Preconditioning(1 / scale, 1.0, -sigma)
    if prediction == "v_prediction":
        return Preconditioning(1 / scale, 1 / (sigma**2 + 1), -sigma / scale)
    return Preconditioning(1 / scale, 0.0, 1.0)


def variance_preserving(prediction: Prediction, alpha_cumprod: float) -> Preconditioning:
    """For `x = alpha * clean + sigma * noise` with `alpha**2 = alpha_cumprod = 1 - sigma**2`.

    alpha_cumprod: 0 (noise alone) to 1; above 0 for epsilon, which tells nothing of the picture in noise alone.
    """
    alpha, sigma = math.sqrt(alpha_cumprod), math.sqrt(1 - alpha_cumprod)
    if prediction == "epsilon":
        return Preconditioning(1.0, 1 / alpha, -sigma / alpha)
    if prediction == "v_prediction":
        return Preconditioning(1.0, alpha, -sigma)
    return Preconditioning(1.0, 0.0, 1.0)


def flow_matching(sigma: float) -> Preconditioning:
    """For `x = (1 - sigma) * clean + sigma * noise` and a network that predicts `noise - clean`; sigma: 0 to 1."""
    return Preconditioning(1.0, 1.0, -sigma)
