"""Where the training runs and in which precision."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

import torch
from torch.nn.attention import SDPBackend, sdpa_kernel

from generation.starter.training.budget import SHARES


@dataclass(frozen=True, slots=True)
class Device:
    """One device. `name` is `cpu` or `cuda`."""

    name: str

    @property
    def is_cuda(self) -> bool:
        """Whether it is a GPU."""
        return self.name == "cuda"

    @property
    def half(self) -> bool:
        """Whether it computes in bfloat16 in hardware; emulated, it would be slower than float32."""
        if self.is_cuda:
            return bool(torch.cuda.is_bf16_supported(including_emulation=False))
        capabilities = torch.cpu.get_capabilities()
        return bool(capabilities.get("avx512_bf16") or capabilities.get("amx_bf16"))

    def autocast(self) -> torch.autocast:
        """Forward passes inside run in bfloat16 where that is fast."""
        return torch.autocast(self.name, torch.bfloat16, enabled=self.half)

    def attention(self) -> AbstractContextManager[None]:
        """Training inside uses the attention whose backward pass is fast here.

        On a CPU the fused one took a fifth of a step, and plain products a twentieth.
        """
        return nullcontext() if self.is_cuda else sdpa_kernel(SDPBackend.MATH)


def choose_device(wanted: str, threads: int = 0) -> Device:
    """The device by name; `auto` is the GPU where there is one.

    Args:
        wanted: auto, cpu or cuda.
        threads: Threads of a CPU; 0 leaves torch's choice.

    Effects: sets torch's threads or its TF32 switches for this process.
    """
    name = ("cuda" if torch.cuda.is_available() else "cpu") if wanted == "auto" else wanted
    if name not in SHARES:
        raise SystemExit(f"--device knows auto, cpu and cuda, and not {name}.")
    if name == "cuda":
        if not torch.cuda.is_available():
            raise SystemExit("--device cuda: torch sees no GPU here.")
        torch.backends.cuda.matmul.allow_tf32 = True
        torch.backends.cudnn.allow_tf32 = True
        torch.backends.cudnn.benchmark = True
    elif threads:
        torch.set_num_threads(threads)
    return Device(name)


def usable_cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
