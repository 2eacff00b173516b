"""Families for the engine's tests: a fast fake, the starter, and a tiny Stable Diffusion 1.x folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from generation.engine.threads import engine_threads, keep_threads_from_spinning
from generation.starter import WEIGHTS_DIR
from tests.generation.engine.tiny_checkpoint import write_tiny_checkpoint

keep_threads_from_spinning()  # nothing above loads torch


@pytest.fixture(autouse=True)
def _threads():
    """As many as the engine takes: others' tests set other numbers, with which the same networks round otherwise."""
    import torch

    torch.set_num_threads(engine_threads())


@pytest.fixture(scope="session")
def starter():
    from generation.engine.loading import load_family

    return load_family(WEIGHTS_DIR, device="cpu")


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory) -> Path:
    """A randomly initialised checkpoint in the layout of Stable Diffusion 1.x."""
    return write_tiny_checkpoint(tmp_path_factory.mktemp("checkpoints") / "tiny-sd")
