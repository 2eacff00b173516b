"""The starter's CLIP as a worker holds it, loaded once."""

from functools import cache
from pathlib import Path

from generation.starter import WEIGHTS_DIR
from generation.workers.judging import Judge


@cache
def the_judge() -> Judge:
    """Looks at pictures."""
    return Judge(Path(WEIGHTS_DIR / "clip"))
