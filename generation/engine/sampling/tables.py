"""What every sampler comes to: one row of numbers per step.

A step of any sampler that we need is `x' = a*x + b*D + c*D_prev + d*noise + e*D_prev2`, where D is the network's
estimate of the clean latents. A sampler keeps x in the form that suits it, `x = signal * clean + noise`; the row says
how the network is to see x and how D follows from its output, so that whoever takes the step needs to know no form.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Self


@dataclass(frozen=True, slots=True)
class Step:
    """One step from `sigma` to the next sigma: `x' = a*x + b*D + c*D_prev + d*noise + e*D_prev2`.

    timestep: what the network is told, 0 to the number of training steps, not always whole.
    sigma: standard deviation of the noise per unit of signal in x; infinite where x is noise alone.
    c_in, c_skip, c_out: the network sees `c_in * x` and `D = c_skip * x + c_out * output`.
    c, e: weights of the estimates of one and of two steps before; 0 where there is none yet.
    d: standard deviation of fresh noise; 0 draws none.
    signal: scale of the clean latents in x before the step.
    """

    timestep: float
    sigma: float
    c_in: float
    c_skip: float
    c_out: float
    a: float
    b: float
    c: float = 0.0
    d: float = 0.0
    e: float = 0.0
    signal: float = 1.0

    @property
    def noise(self) -> float:
        """Standard deviation of the noise in x before the step."""
        return self.signal * self.sigma if math.isfinite(self.sigma) else 1.0


@dataclass(frozen=True, slots=True)
class StepTable:
    """All steps of one pass and what it starts from: `start_signal * clean + start_sigma * noise`.

    start_sigma: standard deviation of the noise that the pass starts from.
    start_signal: scale of the clean latents under it, where the pass does not start from noise alone.
    is_cut: whether the pass ends before x is clean; what it then comes to is the last estimate.
    """

    steps: tuple[Step, ...]
    start_sigma: float
    start_signal: float = 1.0
    is_cut: bool = False

    def __len__(self) -> int:
        """How many forward passes the table takes."""
        return len(self.steps)

    def stopped_at(self, share: float) -> Self:
        """The same pass ended after a share of its steps, above 0; at least one runs, and all do at 1."""
        count = max(1, round(share * len(self.steps)))
        return self if count >= len(self.steps) else replace(self, steps=self.steps[:count], is_cut=True)

    def level_before(self, step: int) -> tuple[float, float]:
        """Scale of the clean latents and deviation of the noise in x before a step; after the last, 1 and 0."""
        if step >= len(self.steps):
            return 1.0, 0.0
        return self.steps[step].signal, self.steps[step].noise
