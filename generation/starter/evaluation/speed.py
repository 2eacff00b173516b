"""How long a grid takes."""

from __future__ import annotations

import time
from typing import Final

from generation.starter.training.sampling import SHEET_PROMPTS, Painter

GRID: Final = 4


def seconds_per_grid(painter: Painter, *, guidance: float, steps: int) -> float:
    """Seconds for a grid of four with the reference pipeline; the better of two runs, since the first warms up."""
    taken = []
    for _ in range(2):
        began = time.perf_counter()
        painter.paint([SHEET_PROMPTS[0]] * GRID, guidance=guidance, steps=steps, seed=0)
        taken.append(time.perf_counter() - began)
    return round(min(taken), 2)
