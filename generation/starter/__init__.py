"""The starter checkpoint: a small text-to-image model that makes the whole product work offline.

`weights/` is an ordinary diffusers folder; the engine loads it like any other. This package knows
where the folder is and nothing else: no torch, no Django.
"""

from pathlib import Path
from typing import Final

WEIGHTS_DIR: Final = Path(__file__).resolve().parent / "weights"
"""The starter checkpoint in diffusers layout."""

__all__ = ["WEIGHTS_DIR"]
