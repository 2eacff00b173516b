"""What every sampler comes to: one row of four numbers per step.

In the variance-exploding form (x = clean latents + sigma * noise) a step of any sampler that we need is
`x' = a * x + b * D + c * D_prev + d * noise`, where D is the network's estimate of the clean latents.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One step from `sigma` to the next sigma: `x' = a*x + b*D + c*D_prev + d*noise`.

    timestep: what the network is told, 0 to the number of training steps, not always whole.
    """

    timestep: float
    sigma: float
    a: float
    b: float
    c: float = 0.0
    d: float = 0.0


@dataclass(frozen=True, slots=True)
class StepTable:
    """All steps of one pass and the scale of the noise that it starts from.

    start_sigma: standard deviation of the noise added to the starting latents (zeros for a start from noise).
    """

    steps: tuple[Step, ...]
    start_sigma: float

    def __len__(self) -> int:
        """How many forward passes the table takes."""
        return len(self.steps)
