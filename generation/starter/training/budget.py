"""Time: a budget in words, its split over the stages, a stopwatch that resumes, and the learning rate by the clock."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable, Sequence
from typing import Final

STAGES: Final = ("tokenizer", "classifier", "clip", "vae", "latents", "base", "decoder", "hires", "evaluate", "export")
"""In the order in which they need one another."""
_TIMED: Final = ("classifier", "clip", "vae", "latents", "base", "decoder", "hires", "evaluate")
SHARES: Final[dict[str, dict[str, float]]] = {
    "cuda": dict(zip(_TIMED, (0.04, 0.10, 0.19, 0.04, 0.38, 0.04, 0.10, 0.05), strict=True)),
    "cpu": dict(zip(_TIMED, (0.04, 0.05, 0.13, 0.05, 0.52, 0.08, 0.10, 0.02), strict=True)),
}
"""Shares of the whole budget by kind of device; what is left over pays for starting, compiling and writing.

A GPU goes through the cheap stages so fast that the rendered pictures are the limit; on a CPU only the base network's
number of samples counts.
"""
_UNITS: Final = {"s": 1.0, "m": 60.0, "h": 3600.0}
LEAST_RATE: Final = 0.02
"""The learning rate ends at this share of its peak."""


def seconds(text: str) -> float:
    """A duration such as `90s`, `24m`, `1.5h` or `1h30m` in seconds; a bare number means minutes.

    Raises:
        ValueError: It is none of these.
    """
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return float(text) * _UNITS["m"]
    if not re.fullmatch(r"(\d+(\.\d+)?[hms])+", text):
        raise ValueError(f"{text!r} is no duration such as 90s, 24m or 1h30m.")
    return sum(float(number) * _UNITS[unit] for number, unit in re.findall(r"([\d.]+)([hms])", text))


def split_budget(budget_s: float, stages: Sequence[str], device: str) -> dict[str, float]:
    """Seconds for each of these stages: their shares, widened to use the whole budget when others are left out."""
    shares = SHARES[device]
    spare = 1 - sum(shares.values())
    asked = {stage: shares.get(stage, 0.0) for stage in stages}
    whole = sum(asked.values()) + spare
    return {stage: budget_s * share / whole for stage, share in asked.items()}


class Stopwatch:
    """The time of one stage, over as many pieces as it takes. It stands still until it is started.

    budget_s: what the stage may take in all. now: a clock in seconds, for tests.
    """

    def __init__(self, budget_s: float, now: Callable[[], float] = time.monotonic) -> None:
        self.budget_s = budget_s
        self._now = now
        self._before_s = 0.0
        self._began: float | None = None

    def start(self) -> None:
        """Let it run, from where it stands."""
        self._before_s, self._began = self.elapsed_s, self._now()

    def set(self, elapsed_s: float) -> None:
        """Put it to what earlier pieces took; running or not, it stays so."""
        self._before_s = elapsed_s
        self._began = None if self._began is None else self._now()

    @property
    def elapsed_s(self) -> float:
        """Seconds of the stage so far, in all pieces."""
        return self._before_s + (0.0 if self._began is None else self._now() - self._began)

    @property
    def progress(self) -> float:
        """0 at the beginning of the stage, 1 when its budget is spent."""
        return min(1.0, self.elapsed_s / self.budget_s) if self.budget_s > 0 else 1.0


def learning_rate(peak: float, progress: float, step: int, *, hold: float, warmup_steps: int) -> float:
    """A linear warm-up by steps, the peak until `hold` of the time, then half a cosine down to `LEAST_RATE` of it.

    The schedule follows the clock and not the steps, so that a slow machine also ends at the low rate.

    Args:
        peak: The highest learning rate.
        progress: 0 to 1, the share of the time that is spent.
        step: Steps done, from 0.
        hold: 0 to 1, the share of the time at the peak.
        warmup_steps: Steps of the warm-up.
    """
    fall = max(0.0, progress - hold) / max(1e-9, 1 - hold)
    shape = 0.5 * (1 + math.cos(math.pi * min(1.0, fall)))
    return peak * min(1.0, (step + 1) / warmup_steps) * (LEAST_RATE + (1 - LEAST_RATE) * shape)
