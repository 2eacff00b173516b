"""The engine thread at most one step ahead of a device that works on its own.

On CUDA a step returns when its kernels are queued. One step ahead keeps the device busy while Python prepares the next
one; further ahead, whoever joins or cancels would wait for all that is queued, and progress would be told too early.
"""

from __future__ import annotations

import torch


class Pace:
    """Waits, after a step, for the step before it. A CPU has done its step when it returns: nothing to wait for."""

    def __init__(self) -> None:
        self._before: torch.cuda.Event | None = None

    def after_step(self, device: torch.device) -> None:
        """Wait until no more than one step is under way."""
        if device.type != "cuda":
            return
        done = torch.cuda.Event()  # type: ignore[no-untyped-call]
        done.record()
        if self._before is not None:
            self._before.synchronize()
        self._before = done
