"""Keep a set of processes alive: start them in order, restart what dies, stop them in reverse.

One thread, one loop. A child is started, then ready, and when it dies it waits a little longer each
time before its next start; no child's wait holds up another's.
"""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from mjweb.local.errors import LocalError
from mjweb.local.paths import DataDirectory
from mjweb.local.processes import (
    Command,
    ask_to_end,
    log_path,
    signal_group,
    start,
    start_failure,
)
from mjweb.local.signals import STOPS, SignalQueue, become_subreaper, reap_strangers, signals_queued

FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 30.0
HEALTHY_AFTER_S = 60.0
_LOOK_EVERY_S = 0.05
_HURRY_S = 3.0

Tiers = Sequence[Sequence[Command]]


class _StopRequestedError(Exception):
    """Somebody asked us to stop before everything was ready."""


@dataclass
class _Child:
    """One command and the process that runs it now.

    Attributes:
        process: None before the first start, and between a death and the next start.
        wait_s: how long the next death delays its restart.
        start_at: monotonic time of the next start; only meaningful without a process.
    """

    command: Command
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_at: float = 0.0
    wait_s: float = field(default=FIRST_WAIT_S)

    def start(self, data: DataDirectory) -> None:
        self.started_at = time.monotonic()
        self.process = start(self.command, data)

    @property
    def has_ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    @property
    def has_succeeded(self) -> bool:
        return self.command.once and self.process is not None and self.process.poll() == 0

    @property
    def is_ready(self) -> bool:
        if self.process is None or self.command.once:
            return self.has_succeeded
        return not self.has_ended and self.command.is_ready(self.process.pid)

    def plan_restart(self) -> float:
        """Note when to start again; returns the wait in seconds."""
        if time.monotonic() - self.started_at > HEALTHY_AFTER_S:
            self.wait_s = FIRST_WAIT_S
        wait_s, self.wait_s = self.wait_s, min(self.wait_s * 2, LONGEST_WAIT_S)
        self.process, self.start_at = None, time.monotonic() + wait_s
        return wait_s


class Supervisor:
    """Runs tiers of commands until it is told to stop.

    A tier starts when every command of the tier before is ready; commands of one tier start together.
    """

    def __init__(self, data: DataDirectory, tiers: Tiers, *, warn: Callable[[str], None]) -> None:
        """Nothing starts yet; `warn` is called with a sentence when a child had to be restarted."""
        self._data = data
        self._warn = warn
        self._tiers = [[_Child(command) for command in tier] for tier in tiers]

    def run(self, on_ready: Callable[[], None]) -> None:
        """Start everything, call `on_ready`, keep everything alive until SIGINT, SIGTERM or SIGHUP.

        A SIGINT during the stop hurries it. Main thread only.

        Raises:
            LocalError: something did not get ready; what had started was stopped.
        """
        become_subreaper()
        with signals_queued() as queue:
            try:
                for tier in self._tiers:
                    self._start_tier(tier, queue)
                on_ready()
                self._keep_alive(queue)
            except _StopRequestedError:
                pass
            finally:
                self._stop_all(queue)

    def _children(self) -> Iterator[_Child]:
        return (child for tier in self._tiers for child in tier)

    def _wait(self, queue: SignalQueue, timeout_s: float) -> None:
        """Sleep until a signal or the timeout.

        Raises:
            _StopRequestedError: the signal asks us to stop.
        """
        if queue.wait(timeout_s) & STOPS:
            raise _StopRequestedError
        reap_strangers([child.process.pid for child in self._children() if child.process])

    def _start_tier(self, tier: list[_Child], queue: SignalQueue) -> None:
        for child in tier:
            child.start(self._data)
        waiting = tier
        while waiting := [child for child in waiting if not child.is_ready]:
            # A death during the start is final, in this tier or an earlier one: a retry would hide its reason.
            for child in self._children():
                self._check_alive(child)
            for child in waiting:
                self._check_patience(child)
            self._wait(queue, _LOOK_EVERY_S)

    def _check_alive(self, child: _Child) -> None:
        if child.process and child.has_ended and not child.has_succeeded:
            raise start_failure(child.command.name, f"ended with status {child.process.returncode}", self._data)

    def _check_patience(self, child: _Child) -> None:
        patience_s = child.command.ready_timeout_s
        if time.monotonic() - child.started_at > patience_s:
            raise start_failure(child.command.name, f"was not ready after {patience_s:.0f} s", self._data)

    def _keep_alive(self, queue: SignalQueue) -> None:
        while True:
            services = [child for child in self._children() if not child.command.once]
            for child in services:
                self._tend(child)
            starts = [child.start_at for child in services if child.process is None]
            self._wait(queue, min(starts, default=time.monotonic() + LONGEST_WAIT_S) - time.monotonic())

    def _tend(self, child: _Child) -> None:
        """Restart one child when it is time; a start that fails counts as a death."""
        try:
            if child.process and child.has_ended:
                self._bury(child, f"ended with status {child.process.returncode}")
            elif child.process is None and child.start_at <= time.monotonic():
                child.start(self._data)
        except LocalError as error:
            self._bury(child, str(error))

    def _bury(self, child: _Child, reason: str) -> None:
        if child.process:
            signal_group(child.process.pid, signal.SIGKILL)
        wait_s = child.plan_restart()
        name = child.command.name
        self._warn(f"{name} {reason}; it starts again in {wait_s:g} s. See {log_path(name, self._data)}.")

    def _stop_all(self, queue: SignalQueue) -> None:
        """Stop tier by tier, last one first, each at once within itself."""
        hurried = False
        for tier in reversed(self._tiers):
            hurried = self._stop_tier([child for child in tier if child.process], queue, hurried=hurried)
        reap_strangers([])

    def _stop_tier(self, tier: list[_Child], queue: SignalQueue, *, hurried: bool) -> bool:
        """Stop one tier; returns whether somebody is in a hurry by now."""
        asked_at = time.monotonic()
        for child in tier:
            _end(child, hurried=hurried)
        while alive := [child for child in tier if not child.has_ended]:
            if signal.SIGINT in queue.wait(_LOOK_EVERY_S) and not hurried:
                hurried, asked_at = True, time.monotonic()
                for child in alive:
                    _end(child, hurried=True)
            for child in alive:
                patience_s = _HURRY_S if hurried else child.command.stop_timeout_s
                if child.process and time.monotonic() - asked_at > patience_s:
                    child.process.kill()
        for child in tier:
            if child.process:
                signal_group(child.process.pid, signal.SIGKILL)
        return hurried


def _end(child: _Child, *, hurried: bool) -> None:
    if child.process and hurried:
        child.process.send_signal(child.command.hurry_signal)
    elif child.process:
        ask_to_end(child.process, child.command)
