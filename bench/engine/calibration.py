"""How fast this machine multiplies right now, so that figures of two runs can be read beside each other."""

from __future__ import annotations

from bench.table import Line

SIDE = 1024


def run() -> list[Line]:
    """A product of two square matrices in the engine's dtype; it has no goal."""
    from bench.gpu.calibration import calibrate  # noqa: PLC0415 - torch is loaded for engine benches only
    from generation.engine.hardware import best_device, best_dtype  # noqa: PLC0415

    device = best_device()
    return [calibrate(device, best_dtype(device), side=SIDE)[0]]
