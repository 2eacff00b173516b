"""Noise schedules: which sigmas a network was trained on and which of them a run visits.

The same numbers as the diffusers schedulers, in the same precision where it shows: betas and their
product in 32 bits as the networks were trained, everything after in 64.

Source: Lin et al. 2023, "Common Diffusion Noise Schedules and Sample Steps are Flawed" (spacings, zero
terminal SNR); Ho et al. 2020 (betas).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, Self, cast

import numpy as np
import numpy.typing as npt

from generation.errors import CheckpointInvalidError

Floats = npt.NDArray[np.float64]
Betas = npt.NDArray[np.float32]
Spacing = Literal["linspace", "leading", "trailing"]
Prediction = Literal["epsilon", "v_prediction"]

LAST_ALPHA_CUMPROD: Final = np.float32(2.0**-24)
"""Stands for zero at the end of a zero-terminal-SNR schedule, so that the first sigma is 4096 and not infinite."""


@dataclass(frozen=True, slots=True)
class NoiseSchedule:
    """The noise levels that a network knows.

    sigmas: (training steps,), rising; standard deviation of the noise per unit of signal.
    prediction: what the network's output means.
    spacing, steps_offset: how a run picks its timesteps.
    """

    sigmas: Floats
    prediction: Prediction = "epsilon"
    spacing: Spacing = "linspace"
    steps_offset: int = 0

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Self:
        """Read a checkpoint's scheduler_config.json; absent keys mean what they mean to diffusers.

        Raises:
            CheckpointInvalidError: The schedule is of a kind that the engine has no tables for.
        """
        prediction = config.get("prediction_type", "epsilon")
        spacing = config.get("timestep_spacing", "linspace")
        if prediction not in ("epsilon", "v_prediction") or spacing not in ("linspace", "leading", "trailing"):
            raise CheckpointInvalidError(
                f"The checkpoint's scheduler predicts {prediction} with {spacing} spacing, which mjweb cannot sample."
            )
        zero_snr = bool(config.get("rescale_betas_zero_snr", False))
        return cls(
            sigmas=_sigmas(_betas(config), zero_snr=zero_snr),
            prediction=cast("Prediction", prediction),
            spacing=cast("Spacing", spacing),
            steps_offset=int(config.get("steps_offset", 0)),
        )

    def sigmas_at(self, timesteps: Floats) -> Floats:
        """The sigmas of (possibly fractional) timesteps, then the 0 of a clean picture; (steps + 1,)."""
        at = np.interp(timesteps, np.arange(len(self.sigmas)), self.sigmas)
        return np.append(at, 0.0).astype(np.float32).astype(np.float64)


def _betas(config: Mapping[str, Any]) -> Betas:
    """The variances added per training step; (training steps,)."""
    if config.get("trained_betas") is not None:
        return np.asarray(config["trained_betas"], dtype=np.float32)
    count = int(config.get("num_train_timesteps", 1000))
    start, end = float(config.get("beta_start", 0.0001)), float(config.get("beta_end", 0.02))
    kind = config.get("beta_schedule", "linear")
    if kind == "linear":
        return np.linspace(start, end, count, dtype=np.float32)
    if kind == "scaled_linear":
        return np.square(np.linspace(start**0.5, end**0.5, count, dtype=np.float32))
    raise CheckpointInvalidError(f"The checkpoint's beta schedule {kind} is none that mjweb can sample.")


def _sigmas(betas: Betas, *, zero_snr: bool) -> Floats:
    """Betas to sigmas, the schedule stretched to end in pure noise when the network was trained so."""
    if zero_snr:
        betas = _rescale_zero_terminal_snr(betas)
    alphas_cumprod = np.cumprod(np.float32(1) - betas, dtype=np.float32)
    if zero_snr:
        alphas_cumprod[-1] = LAST_ALPHA_CUMPROD
    sigmas: Betas = np.sqrt((np.float32(1) - alphas_cumprod) / alphas_cumprod)
    return sigmas.astype(np.float64)


def _rescale_zero_terminal_snr(betas: Betas) -> Betas:
    """Shift and scale sqrt(alphas_cumprod) so that it ends at 0 (Lin et al. 2023, algorithm 1)."""
    root = np.sqrt(np.cumprod(np.float32(1) - betas, dtype=np.float32))
    first, last = root[0], root[-1]
    root = (root - last) * (first / (first - last))
    alphas_cumprod = np.square(root)
    alphas = np.concatenate([alphas_cumprod[:1], alphas_cumprod[1:] / alphas_cumprod[:-1]])
    return np.asarray(np.float32(1) - alphas, dtype=np.float32)


def trailing_timesteps(train_steps: int, steps: int) -> Floats:
    """Timesteps that begin at the very last one; (steps,), falling."""
    spaced = np.arange(train_steps, 0, -train_steps / steps).round() - 1
    return spaced[:steps]


def start_index(steps: int, strength: float) -> int:
    """The first step of a pass at this strength: about the last `strength * steps` steps run, at least one."""
    return steps - max(1, min(int(steps * strength), steps))
