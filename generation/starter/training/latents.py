"""Stage 5: latents of what is rendered so far, so that the U-Nets' own time goes into training."""

from __future__ import annotations

import time
from typing import Any, Final

from generation.starter.training.checkpoints import Summary, write_summary
from generation.starter.training.encoded import EncodedRows
from generation.starter.training.folders import Networks, open_networks
from generation.starter.training.progress import Bar, say
from generation.starter.training.settings import Run

CHUNK: Final = 64
LARGE_SHARE: Final = 0.35
"""Of the time, for the large pictures: they are fewer, and eight times the work each."""


def encoded_train(run: Run, networks: Networks) -> EncodedRows:
    """What the base stage trains on."""
    return EncodedRows(run, "train", networks["vae"], clip=networks["clip"])


def encoded_large(run: Run, networks: Networks) -> EncodedRows:
    """What the high-resolution stage trains on."""
    return EncodedRows(run, "big", networks["vae"], rough=True)


def encode_latents(run: Run, budget_s: float) -> Summary:
    """Encode on a CPU, where latents are files that later stages find; a GPU encodes faster than it reads.

    Effects: writes latents beside the pictures.
    """
    count, began = 0, time.monotonic()
    if run.device.is_cuda:
        say("latents: the U-Net stages encode in GPU memory")
    else:
        networks = open_networks(run.networks, run.device.name)
        count += _encode(encoded_train(run, networks), began + budget_s * (1 - LARGE_SHARE))
        count += _encode(encoded_large(run, networks), began + budget_s)
    summary = Summary("latents", done=True, samples=count, elapsed_s=round(time.monotonic() - began, 2))
    write_summary(summary, run.checkpoints)
    return summary


def _encode(rows: EncodedRows, until: float) -> int:
    """Encode until then; the number of rows that have latents."""
    bar = Bar(f"latents of {rows.arrays.folder.name}")
    ready: Any = rows.arrays.ready_rows()
    for start in range(0, len(ready), CHUNK):
        rows.take(ready[start : start + CHUNK])
        if bar.due:
            bar.show(len(rows) / len(rows.arrays), [f"{len(rows)} rows"])
        if time.monotonic() > until:
            break
    bar.close()
    return len(rows)
