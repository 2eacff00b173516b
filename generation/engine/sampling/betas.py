"""From a scheduler's betas to the noise levels that a network was trained on.

In 32 bits and by torch, as the networks were trained: another library multiplies a thousand factors with other
rounding, and where timesteps are cut to whole numbers its last bit shows.

Source: Ho et al. 2020, "Denoising Diffusion Probabilistic Models" (betas); Lin et al. 2023, "Common Diffusion Noise
Schedules and Sample Steps are Flawed", algorithm 1 (zero terminal SNR).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import torch

from generation.errors import CheckpointInvalidError

Floats = npt.NDArray[np.float64]

LAST_ALPHA_CUMPROD: Final = 2.0**-24
"""Stands for zero at the end of a zero-terminal-SNR schedule, so that the first sigma is 4096 and not infinite."""


class TrainedLevels(NamedTuple):
    """The same levels in two forms; each (training steps,).

    alphas_cumprod: the signal's share of the variance, falling; 0 at the end of zero terminal SNR.
    sigmas: the noise per unit of signal, rising; 4096 stands for infinity.
    """

    alphas_cumprod: Floats
    sigmas: Floats


def trained_levels(config: Mapping[str, Any]) -> TrainedLevels:
    """The noise levels of the training that a scheduler's file describes.

    Raises:
        CheckpointInvalidError: The betas follow no curve that is known here.
    """
    zero_snr = bool(config.get("rescale_betas_zero_snr", False))
    betas = _rescale_zero_terminal_snr(_betas(config)) if zero_snr else _betas(config)
    alphas_cumprod = torch.cumprod(1 - betas, dim=0)
    finite = alphas_cumprod.clone()
    if zero_snr:
        finite[-1] = LAST_ALPHA_CUMPROD
    return TrainedLevels(_floats(alphas_cumprod), _floats(((1 - finite) / finite).sqrt()))


def _floats(tensor: torch.Tensor) -> Floats:
    return np.asarray(tensor.numpy(), dtype=np.float64)


def _betas(config: Mapping[str, Any]) -> torch.Tensor:
    """The variances added per training step; (training steps,), float32."""
    if config.get("trained_betas") is not None:
        return torch.tensor(config["trained_betas"], dtype=torch.float32)
    count = int(config.get("num_train_timesteps", 1000))
    start, end = float(config.get("beta_start", 0.0001)), float(config.get("beta_end", 0.02))
    kind = config.get("beta_schedule", "linear")
    if kind == "linear":
        return torch.linspace(start, end, count, dtype=torch.float32)
    if kind == "scaled_linear":
        return torch.linspace(start**0.5, end**0.5, count, dtype=torch.float32).square()
    raise CheckpointInvalidError(f"The checkpoint's beta schedule {kind} is none that mjweb can sample.")


def _rescale_zero_terminal_snr(betas: torch.Tensor) -> torch.Tensor:
    """Shift and scale sqrt(alphas_cumprod) so that it ends at 0; (training steps,), float32."""
    root = torch.cumprod(1 - betas, dim=0).sqrt()
    first, last = root[0].clone(), root[-1].clone()
    root = (root - last) * (first / (first - last))
    alphas_cumprod = root.square()
    return 1 - torch.cat([alphas_cumprod[:1], alphas_cumprod[1:] / alphas_cumprod[:-1]])
