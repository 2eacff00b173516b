"""Guidance in a limited interval of noise levels.

Guidance harms at high noise, where it pulls every picture of a prompt to the same few layouts, and changes little at
low noise. So the scale is a function of the noise level: the given one inside the interval and 1 outside, where no
unconditional row is computed.

The interval is in shares of the training's timesteps and not of a run's steps: it then means the same noise levels
with every sampler, number of steps and spacing, and in a stage that starts from a picture at half of the noise. With
evenly spaced timesteps of a whole run both are the same.

Source: Kynkäänniemi et al. 2024, "Applying Guidance in a Limited Interval Improves Sample and Distribution Quality in
Diffusion Models", equation 5, there in sigmas.
"""

from __future__ import annotations

from typing import Final

Interval = tuple[float, float]
"""From (inclusive) and to (exclusive), 0 for pure noise to 1 for the clean picture."""
WHOLE: Final[Interval] = (0.0, 1.0)


def share_of(timestep: float, trained_timesteps: int) -> float:
    """How far from pure noise to the clean picture a step begins, 0 to just below 1.

    timestep: what the network is told, `trained_timesteps - 1` for the most noise.
    """
    # One division, correctly rounded: of ten even steps the fourth lies at exactly the 0.3 that a person writes. A
    # leading schedule with an offset may begin one timestep beyond the last that was trained.
    return max(0.0, (trained_timesteps - 1 - timestep) / trained_timesteps)


def is_inside(interval: Interval, timestep: float, trained_timesteps: int) -> bool:
    """Whether the network's output at this timestep is guided."""
    start, end = interval
    return start <= share_of(timestep, trained_timesteps) < end
