"""What every sampler comes to: one row of numbers per step.

A step of any sampler that we need is `x' = a*x + b*D + c*D_prev + d*noise + e*D_prev2`, where D is the network's
estimate of the clean latents. A sampler keeps x in the form that suits it, `x = signal * clean + noise`; the row says
how the network is to see x and how D follows from its output, so that whoever takes the step needs to know no form.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One step from `sigma` to the next sigma: `x' = a*x + b*D + c*D_prev + d*noise + e*D_prev2`.

    timestep: what the network is told, 0 to the number of training steps, not always whole.
    sigma: standard deviation of the noise per unit of signal in x; infinite where x is noise alone.
    c_in, c_skip, c_out: the network sees `c_in * x` and `D = c_skip * x + c_out * output`.
    c, e: weights of the estimates of one and of two steps before; 0 where there is none yet.
    d: standard deviation of fresh noise; 0 draws none.
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


@dataclass(frozen=True, slots=True)
class StepTable:
    """All steps of one pass and what it starts from: `start_signal * clean + start_sigma * noise`.

    start_sigma: standard deviation of the noise that the pass starts from.
    start_signal: scale of the clean latents under it, where the pass does not start from noise alone.
    """

    steps: tuple[Step, ...]
    start_sigma: float
    start_signal: float = 1.0

    def __len__(self) -> int:
        """How many forward passes the table takes."""
        return len(self.steps)
