"""State of a stage on disk: whole or absent, so that a kill at any moment costs at most the time since the last one."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import nn

from generation.starter.training.files import write_text


def save_state(state: dict[str, Any], file: Path) -> None:
    """Write a checkpoint beside the old one, then put it in its place.

    Effects: replaces `file`.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_suffix(".part")
    torch.save(state, beside)
    beside.replace(file)


def load_state(file: Path, device: str) -> dict[str, Any]:
    """Read a checkpoint; only tensors and plain values, never code."""
    state: dict[str, Any] = torch.load(file, map_location=device, weights_only=True)
    return state


def random_state() -> dict[str, torch.Tensor]:
    """Where torch's random numbers stand, so that a resumed stage draws what it would have drawn."""
    state = {"cpu": torch.get_rng_state()}
    if torch.cuda.is_available():
        state["cuda"] = torch.cuda.get_rng_state()
    return state


def restore_random_state(state: dict[str, torch.Tensor]) -> None:
    """Effects: sets torch's random numbers of this process."""
    torch.set_rng_state(state["cpu"].cpu())
    if "cuda" in state and torch.cuda.is_available():
        torch.cuda.set_rng_state(state["cuda"].cpu())


def fingerprint(network: nn.Module) -> str:
    """Stands for the weights of a network, rounded to halves: a VAE and its release have the same."""
    digest = hashlib.sha256()
    for value in network.state_dict().values():
        digest.update(value.detach().cpu().half().contiguous().numpy().tobytes())
    return digest.hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Summary:
    """What came of one stage. loss: mean of its last stretch. speed: samples per second. done: budget spent."""

    stage: str
    done: bool
    steps: int = 0
    samples: int = 0
    elapsed_s: float = 0.0
    loss: float = 0.0
    speed: float = 0.0
    measured: dict[str, float] = field(default_factory=dict)
    """Figures on held-out data, by name."""


def write_summary(summary: Summary, folder: Path) -> None:
    """Effects: writes `<stage>.json` in the folder."""
    write_text(json.dumps(asdict(summary), indent=1) + "\n", folder / f"{summary.stage}.json")


def read_summary(stage: str, folder: Path) -> Summary | None:
    """The summary that a stage wrote last, if any."""
    file = folder / f"{stage}.json"
    return Summary(**json.loads(file.read_text(encoding="utf-8"))) if file.exists() else None
