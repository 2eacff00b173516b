"""What pictures are made with beside their plan: another device, precision or library may round otherwise."""

from __future__ import annotations

from functools import cache

import diffusers
import torch

from generation.engine.hardware import best_device, best_dtype


@cache
def machine() -> dict[str, str]:
    """This worker's device, precision and libraries, for people to read and compare."""
    device = best_device()
    return {
        "device": torch.cuda.get_device_name(device) if device.type == "cuda" else device.type,
        "precision": str(best_dtype(device)).removeprefix("torch."),
        "torch": torch.__version__,
        "diffusers": diffusers.__version__,
    }
