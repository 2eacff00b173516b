"""How many threads the networks take, and that they do not spin while they wait.

torch's OpenMP threads spin in front of every barrier by default. On two cores shared with a web server and a database
a grid of four then took 40 s instead of 2 s: a spinning thread keeps its sibling's core from the process that the
sibling waits for. With `OMP_WAIT_POLICY=PASSIVE` the same grid took 5 s under the same load, and no longer when idle.
"""

from __future__ import annotations

import os
from collections.abc import MutableMapping


def keep_threads_from_spinning(environ: MutableMapping[str, str] = os.environ) -> None:
    """Ask OpenMP to sleep at its barriers; an explicit OMP_WAIT_POLICY is respected.

    Must be called before torch is first imported: the library reads the variable when it is loaded.

    Effects: sets an environment variable of this process.
    """
    environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


def engine_threads(cores: int | None = None) -> int:
    """Threads for the networks: all of two cores; of more, one is left to the machine's other processes."""
    count = cores or os.cpu_count() or 1
    return count if count <= 2 else count - 1  # noqa: PLR2004 -- "two" is what it says
