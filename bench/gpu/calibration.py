"""How fast a device multiplies, in the same run."""

from __future__ import annotations

import time
from statistics import median

import torch

from bench.table import Line, span

REPEATS = 12


def calibrate(device: torch.device, dtype: torch.dtype, *, side: int) -> tuple[Line, float]:
    """A line without a goal, and the median rate in TFLOP/s."""
    one, other = (torch.randn((side, side), device=device, dtype=dtype) for _ in range(2))
    rates = [_rate(one, other) for _ in range(REPEATS)][2:]
    name = f"calibration: product of {side} x {side}, {str(dtype).removeprefix('torch.')}"
    return Line(name=name, value=median(rates), unit="TFLOP/s", spread=span(rates)), median(rates)


def _rate(one: torch.Tensor, other: torch.Tensor) -> float:
    side, times = len(one), 8
    began = time.perf_counter()
    for _ in range(times):
        one @ other
    if one.is_cuda:
        torch.cuda.synchronize()
    return times * 2 * side**3 / (time.perf_counter() - began) / 1e12
