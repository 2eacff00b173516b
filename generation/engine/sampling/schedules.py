"""Noise schedules: which sigmas a network was trained on, and which way of choosing among them its makers name.

The same numbers as the diffusers schedulers, in the same precision where it shows: the trained sigmas in 32 bits,
everything after in 64. Which steps a run takes is `spacing`'s work.

Source: Lin et al. 2023, "Common Diffusion Noise Schedules and Sample Steps are Flawed" (spacings); Esser et al. 2024,
"Scaling Rectified Flow Transformers for High-Resolution Image Synthesis", section 5.3.2 (shift).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal, Self, cast

import numpy as np

from generation.contracts import ScheduleName
from generation.engine.sampling.betas import LAST_ALPHA_CUMPROD, Floats, trained_levels
from generation.engine.sampling.preconditioning import Prediction
from generation.errors import CheckpointInvalidError

Spacing = Literal["linspace", "leading", "trailing"]
Curve = Literal["karras", "exponential"]

PREDICTIONS: Final = ("epsilon", "v_prediction", "sample")
SPACINGS: Final = ("linspace", "leading", "trailing")
FLOW_CLASS: Final = "FlowMatchEulerDiscreteScheduler"
"""Flow-matching checkpoints are known by their scheduler's class: its file names no prediction."""
NO_FLOW_TABLES: Final = (
    "invert_sigmas", "shift_terminal", "stochastic_sampling",
    "use_beta_sigmas", "use_exponential_sigmas", "use_karras_sigmas",
)  # fmt: skip
LATENTS_PER_TOKEN: Final = 4
"""SD3's and FLUX's transformers cut latents into patches of 2 x 2, one token each."""


@dataclass(frozen=True, slots=True)
class SizedShift:
    """FLUX's shift, which grows with the picture: mu is linear in the number of image tokens.

    tokens, mus: two points of that line.
    is_exponential: the shift is exp(mu); else mu itself.
    """

    tokens: tuple[int, int]
    mus: tuple[float, float]
    is_exponential: bool

    def at(self, tokens: int) -> float:
        """The shift of a picture of so many tokens."""
        slope = (self.mus[1] - self.mus[0]) / (self.tokens[1] - self.tokens[0])
        mu = self.mus[0] + slope * (tokens - self.tokens[0])
        return math.exp(mu) if self.is_exponential else mu


@dataclass(frozen=True, slots=True)
class NoiseSchedule:
    """The noise levels that a network knows.

    sigmas: (training steps,), rising; standard deviation of the noise per unit of signal. Of a flow network: the
        share of the noise in `(1 - sigma) * clean + sigma * noise`, up to 1.
    alphas_cumprod: (training steps,), falling; the signal's share of the variance. It ends at 0 with zero terminal
        SNR, unless the network predicts the noise, which tells nothing there. Empty of a flow network.
    prediction: what the network's output means.
    spacing, steps_offset: how a run picks its timesteps.
    names_spacing: whether the makers, or the plan, named that spacing; where nobody does, DDIM has another.
    curve: a law that the sigmas of a run follow between its first and its last; None keeps those of its timesteps.
    final_alpha_cumprod: where DDIM ends; 1 is the clean picture.
    distilled_steps, timestep_scaling: of a latent consistency model's training.
    shift, sized_shift: how far a flow network's run leans towards noise; the latter waits for `for_size`.
    """

    sigmas: Floats
    alphas_cumprod: Floats = field(default_factory=lambda: np.empty(0))
    prediction: Prediction = "epsilon"
    spacing: Spacing = "linspace"
    steps_offset: int = 0
    names_spacing: bool = True
    curve: Curve | None = None
    final_alpha_cumprod: float = 1.0
    distilled_steps: int = 50
    timestep_scaling: float = 10.0
    shift: float = 1.0
    sized_shift: SizedShift | None = None

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Self:
        """Read a checkpoint's scheduler_config.json; absent keys mean what they mean to diffusers.

        Raises:
            CheckpointInvalidError: The schedule is of a kind that the engine has no tables for.
        """
        if config.get("_class_name") == FLOW_CLASS:
            return cls._of_flow(config)
        prediction = config.get("prediction_type", "epsilon")
        spacing = config.get("timestep_spacing", "linspace")
        if prediction not in PREDICTIONS or spacing not in SPACINGS:
            raise CheckpointInvalidError(
                f"The checkpoint's scheduler predicts {prediction} with {spacing} spacing, which mjweb cannot sample."
            )
        alphas_cumprod, sigmas = trained_levels(config)
        if prediction == "epsilon":
            alphas_cumprod[-1] = max(alphas_cumprod[-1], LAST_ALPHA_CUMPROD)
        ends_clean = bool(config.get("set_alpha_to_one", True))
        return cls(
            sigmas=sigmas,
            alphas_cumprod=alphas_cumprod,
            prediction=cast("Prediction", prediction),
            spacing=cast("Spacing", spacing),
            steps_offset=int(config.get("steps_offset", 0)),
            names_spacing="timestep_spacing" in config,
            curve=_curve(config),
            final_alpha_cumprod=1.0 if ends_clean else float(alphas_cumprod[0]),
            distilled_steps=int(config.get("original_inference_steps", 50)),
            timestep_scaling=float(config.get("timestep_scaling", 10.0)),
        )

    @classmethod
    def _of_flow(cls, config: Mapping[str, Any]) -> Self:
        """Read the scheduler of an SD3 or FLUX checkpoint.

        FLUX's runs end one step before the clean picture, as trailing ones do, and SD3's end at the last sigma of the
        training. That is so in their pipelines and in no file, but those of FLUX that shift by size say so by it; the
        family of one that does not (FLUX.1 schnell) says it by `spaced("trailing")`.
        """
        if unknown := [key for key in NO_FLOW_TABLES if config.get(key)]:
            raise CheckpointInvalidError(f"The checkpoint's scheduler has {unknown[0]}, which mjweb cannot sample.")
        count = int(config.get("num_train_timesteps", 1000))
        sigmas = np.arange(1, count + 1) / count
        if config.get("use_dynamic_shifting", False):
            return cls(sigmas=sigmas, prediction="flow", spacing="trailing", sized_shift=_sized_shift(config))
        shift = float(config.get("shift", 1.0))
        return cls(sigmas=shifted(sigmas, shift), prediction="flow", shift=shift)

    def sigmas_at(self, timesteps: Floats) -> Floats:
        """The sigmas of (possibly fractional) timesteps, then the 0 of a clean picture; (steps + 1,)."""
        return with_clean_end(np.interp(timesteps, np.arange(len(self.sigmas)), self.sigmas))

    def spaced(self, name: ScheduleName) -> Self:
        """The same noise levels, to be visited as a plan asks."""
        if name == "model":
            return self
        if name == "karras" or name == "exponential":  # noqa: PLR1714 -- mypy follows this form
            return replace(self, curve=name)
        return replace(self, spacing=name, names_spacing=True, curve=None)

    def for_size(self, latent_height: int, latent_width: int) -> Self:
        """The same, with its shift settled for latents of this size."""
        if self.sized_shift is None:
            return self
        return replace(self, shift=self.sized_shift.at(latent_height * latent_width // LATENTS_PER_TOKEN))


def with_clean_end(sigmas: Floats) -> Floats:
    """Sigmas as the schedulers keep them, in 32 bits, then the 0 of a clean picture; (steps + 1,)."""
    return np.append(sigmas, 0.0).astype(np.float32).astype(np.float64)


def shifted(sigmas: Floats, shift: float) -> Floats:
    """A flow's sigmas, moved towards noise by a shift above 1; 1 stays 1."""
    return shift * sigmas / (1 + (shift - 1) * sigmas)


def _curve(config: Mapping[str, Any]) -> Curve | None:
    """The curve that a checkpoint's own scheduler asks for."""
    if config.get("use_karras_sigmas"):
        return "karras"
    return "exponential" if config.get("use_exponential_sigmas") else None


def _sized_shift(config: Mapping[str, Any]) -> SizedShift:
    return SizedShift(
        tokens=(int(config.get("base_image_seq_len", 256)), int(config.get("max_image_seq_len", 4096))),
        mus=(float(config.get("base_shift", 0.5)), float(config.get("max_shift", 1.15))),
        is_exponential=config.get("time_shift_type", "exponential") == "exponential",
    )
