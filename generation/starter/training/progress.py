"""What a training says while it runs: lines for a log, and one live bar where a terminal watches."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from typing import Final, TextIO

BAR_WIDTH: Final = 24
LIVE_EVERY_S: Final = 0.5
LOG_EVERY_S: Final = 15.0


def say(text: str) -> None:
    """One line on standard output, at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


class Bar:
    """The progress of one stage: a bar that is drawn over itself on a terminal, a line now and then in a file."""

    def __init__(self, name: str, stream: TextIO | None = None) -> None:
        self._name = name
        self._stream = stream or sys.stdout
        self._live = self._stream.isatty()
        self._every_s = LIVE_EVERY_S if self._live else LOG_EVERY_S
        self._shown = time.monotonic()

    @property
    def due(self) -> bool:
        """Whether enough time has passed since the last line."""
        return time.monotonic() - self._shown >= self._every_s

    def show(self, progress: float, figures: Sequence[str]) -> None:
        """Draw the bar, `progress` from 0 to 1, with these figures behind it."""
        filled = round(progress * BAR_WIDTH)
        bar = "█" * filled + "░" * (BAR_WIDTH - filled)
        line = " ".join([f"{self._name:<10}", bar, f"{progress:4.0%}", *figures])
        self._stream.write(f"\r{line}\x1b[K" if self._live else f"{line}\n")
        self._stream.flush()
        self._shown = time.monotonic()

    def close(self) -> None:
        """Leave the last state of a live bar standing."""
        if self._live:
            self._stream.write("\n")
            self._stream.flush()
