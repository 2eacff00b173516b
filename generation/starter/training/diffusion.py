"""The diffusion that both U-Nets learn: v-prediction on a schedule that ends in pure noise.

Sources: Salimans & Ho 2022, "Progressive Distillation" (v-prediction); Lin et al. 2023, "Common Diffusion Noise
Schedules and Sample Steps are Flawed" (zero terminal SNR); Hang et al. 2023, "Efficient Diffusion Training via Min-SNR
Weighting Strategy".

Throughout, `level` is the cumulative product of alphas at a timestep, 0 (pure noise) to 1 (clean), shaped
(batch, 1, 1, 1), and SNR = level / (1 - level).
"""

from __future__ import annotations

from typing import Any, Final

import torch

TRAIN_STEPS: Final = 1000
LOW_NOISE: Final = 650
"""The high-resolution network knows timesteps below this."""
MOST_SNR: Final = 5.0
LEAST_WEIGHT: Final = 0.25
"""Min-SNR weighting all but ignores the noisiest steps, which lay out the whole picture of a small network."""
SCHEDULE: Final[dict[str, Any]] = {
    "num_train_timesteps": TRAIN_STEPS,
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "prediction_type": "v_prediction",
    "rescale_betas_zero_snr": True,
}
"""The noise schedule of Stable Diffusion 1.x, stretched to end at SNR 0; in the words of diffusers' schedulers."""


def noise_levels(device: str = "cpu") -> torch.Tensor:
    """The levels of all timesteps, falling from about 1 to 0; (TRAIN_STEPS,)."""
    betas = torch.linspace(SCHEDULE["beta_start"] ** 0.5, SCHEDULE["beta_end"] ** 0.5, TRAIN_STEPS, dtype=torch.float64)
    root = (1 - betas**2).cumprod(0).sqrt()
    first, last = root[0].clone(), root[-1].clone()
    return (((root - last) * first / (first - last)) ** 2).float().to(device)


def stratified_timesteps(count: int, below: int, device: torch.device | str) -> torch.Tensor:
    """One timestep of each of `count` equal slices of 0..below, in random order, so that every batch covers all."""
    places = torch.randperm(count, device=device) + torch.rand(count, device=device)
    return (places * (below / count)).long().clamp(max=below - 1)


def noised(clean: torch.Tensor, noise: torch.Tensor, level: torch.Tensor) -> torch.Tensor:
    """Latents at a noise level, channels last."""
    mixed = level.sqrt() * clean + (1 - level).sqrt() * noise
    return mixed.contiguous(memory_format=torch.channels_last)


def velocity(clean: torch.Tensor, noise: torch.Tensor, level: torch.Tensor) -> torch.Tensor:
    """What the network predicts: v = sqrt(level) * noise - sqrt(1 - level) * clean."""
    return level.sqrt() * noise - (1 - level).sqrt() * clean


def clean_of(latents: torch.Tensor, predicted: torch.Tensor, level: torch.Tensor) -> torch.Tensor:
    """The clean latents that a predicted v stands for."""
    return level.sqrt() * latents - (1 - level).sqrt() * predicted


def noise_of(latents: torch.Tensor, predicted: torch.Tensor, level: torch.Tensor) -> torch.Tensor:
    """The noise that a predicted v stands for."""
    return level.sqrt() * predicted + (1 - level).sqrt() * latents


def clean_weight(level: torch.Tensor) -> torch.Tensor:
    """Min-SNR weight of a squared error of clean latents: min(SNR, 5); same shape as `level`."""
    return (level / (1 - level).clamp(min=1e-8)).clamp(max=MOST_SNR)


def velocity_weight(level: torch.Tensor) -> torch.Tensor:
    """Min-SNR weight of a squared error of v: min(SNR, 5) / (SNR + 1), at least `LEAST_WEIGHT`.

    An error of v is the error of the clean latents times SNR + 1.
    """
    return (clean_weight(level) * (1 - level)).clamp(min=LEAST_WEIGHT)
