"""Threads that let the engine's threads go first.

Where the processor is what paints, an engine's threads meet at every layer: one that waits for a core holds up all.
What is done beside them, previews, files and rows, fits into the gaps.
"""

from __future__ import annotations

import os
import sys
import threading
from typing import Final

NICENESS: Final = 10
"""A tenth of the processor against the engine, and all of it when that rests: nothing here may starve."""


def give_way() -> None:
    """This thread, and those that it starts from now on, let others of the process go first.

    Effects: lowers the thread's priority, for good; only Linux knows priorities of threads.
    """
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
