"""Start child processes that cannot outlive us, and find those that did.

Every child leads a session of its own (Ctrl-C in the terminal reaches only the supervisor, which stops the
children in order), writes to its own log file, gets a signal from the kernel when its parent ends, and
carries a mark in its environment by which the next start finds it, whatever happened before.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mjweb.local.errors import StartFailedError, disk_full, telling_about, tells_of_full_disk
from mjweb.local.paths import DataDirectory

CHILD_MARK = "MJWEB_CHILD_OF"
_TETHER = Path(__file__).with_name("tether.py").read_text()
# Both rename themselves over their environment, which hides the mark: they are known by name and folder.
_SERVERS = {"postgres": "postgres", "valkey-server": "valkey", "redis-server": "valkey"}
_LOG_BYTES = 10_000_000
_ORPHANS_STOP_S = 20.0


@dataclass(frozen=True, kw_only=True)
class Command:
    """One program the supervisor runs.

    Attributes:
        name: also the name of its log file.
        environment: the child's whole environment, without the mark.
        wrapper: argv of a program that becomes ours after changing something (`unshare ... --`).
        user: numeric user and group to become; None stays who we are.
        folder: working directory.
        stop_signal: asks it to end; also what the kernel sends when we die.
        stop_timeout_s: how long it may take to end before it is killed.
        hurry_signal: what a second Ctrl-C sends.
        is_ready: tells from its process id whether it serves.
        ready_timeout_s: how long it may take to get ready.
        once: it does its work and ends; ready means ended with status 0.
    """

    name: str
    argv: tuple[str, ...]
    environment: Mapping[str, str]
    wrapper: tuple[str, ...] = ()
    user: int | None = None
    folder: Path | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    stop_timeout_s: float = 15.0
    hurry_signal: signal.Signals = signal.SIGKILL
    is_ready: Callable[[int], bool] = field(default=lambda _: True)
    ready_timeout_s: float = 60.0
    once: bool = False


def start(command: Command, data: DataDirectory) -> subprocess.Popen[bytes]:
    """Start a child; call it from the main thread, whose end is what the kernel watches.

    Raises:
        DiskFullError: its log cannot be written.
        FolderUnusableError: its log cannot be opened.
        StartFailedError: its program cannot be executed.
    """
    user = "-" if command.user is None else str(command.user)
    tether = (sys.executable, "-I", "-S", "-c", _TETHER, command.stop_signal.name, str(os.getpid()), user)
    log = log_path(command.name, data)
    with telling_about(log):
        _rotate(log)
        output = log.open("ab")
    with output:
        try:
            return subprocess.Popen(
                [*command.wrapper, *tether, *command.argv],
                cwd=command.folder,
                env={**command.environment, CHILD_MARK: str(data.root)},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            raise StartFailedError(f"{command.name} cannot be started: {error.strerror}.") from error


def log_path(name: str, data: DataDirectory) -> Path:
    """The file that holds what the child of that name printed."""
    return data.logs / f"{name}.log"


def start_failure(name: str, reason: str, data: DataDirectory) -> Exception:
    """The error for a child that did not come up: the disk's if its log says so, else its last words."""
    log = log_path(name, data)
    tail = log.read_bytes()[-4000:].decode(errors="replace").strip() if log.exists() else ""
    if tells_of_full_disk(tail):
        return disk_full(data.root)
    last_words = f' Its last words: "{tail.splitlines()[-1].strip()}"' if tail else ""
    return StartFailedError(f"{name} {reason}; see {log}.{last_words}")


def wait_until(is_so: Callable[[], bool], timeout_s: float, every_s: float = 0.02) -> bool:
    """Ask again until it is so, or the time is over; returns the last answer."""
    deadline = time.monotonic() + timeout_s
    while not is_so():
        if time.monotonic() > deadline:
            return False
        time.sleep(every_s)
    return True


def signal_group(pid: int, number: signal.Signals) -> None:
    """Signal the session that the child leads; one that ended already is no error."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


def stop(child: subprocess.Popen[bytes], command: Command) -> None:
    """Ask one child to end, wait, and kill what is left of its session."""
    ask_to_end(child, command)
    if not wait_until(lambda: child.poll() is not None, command.stop_timeout_s):
        signal_group(child.pid, signal.SIGKILL)
    child.wait()
    signal_group(child.pid, signal.SIGKILL)


def ask_to_end(child: subprocess.Popen[bytes], command: Command) -> None:
    """Send the child, and not its own children, the signal that asks it to end."""
    if child.poll() is None:
        child.send_signal(command.stop_signal)


def orphans_of(data: DataDirectory) -> list[int]:
    """Process ids of living children of an earlier supervisor of this data directory (Linux; else empty)."""
    processes = Path("/proc").glob("[0-9]*")
    return [int(process.name) for process in processes if _is_child_of(process, data)]


def stop_orphans(data: DataDirectory) -> None:
    """End everything an earlier supervisor left behind; only the holder of the lock may call it.

    Raises:
        StartFailedError: something does not end even when killed.
    """
    orphans = orphans_of(data)
    for pid in orphans:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, _parting_signal(pid, orphans, data))
    if wait_until(lambda: not orphans_of(data), _ORPHANS_STOP_S, every_s=0.1):
        return
    for pid in orphans_of(data):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    if not wait_until(lambda: not orphans_of(data), 5.0, every_s=0.1):
        raise StartFailedError(f"Processes of an earlier run do not end: {orphans_of(data)}.")


def _parting_signal(pid: int, orphans: list[int], data: DataDirectory) -> signal.Signals:
    """What ends an orphan cleanly; nothing does for a PostgreSQL backend that lost its postmaster."""
    if name_of(pid) != "postgres":
        return signal.SIGTERM
    try:
        postmaster = int((data.postgres / "postmaster.pid").read_text().split()[0])
    except (OSError, ValueError, IndexError):
        postmaster = 0
    return signal.SIGINT if postmaster in orphans else signal.SIGKILL


def _rotate(log: Path) -> None:
    if log.exists() and log.stat().st_size > _LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))


def _is_child_of(process: Path, data: DataDirectory) -> bool:
    """Whether the process in this `/proc` folder was started for `data`; never ourselves."""
    if int(process.name) == os.getpid():
        return False
    try:
        marked = f"{CHILD_MARK}={data.root}".encode() in (process / "environ").read_bytes().split(b"\0")
        server = _SERVERS.get(name_of(int(process.name)))
        return marked or (server is not None and (process / "cwd").readlink() == data.root / server)
    except OSError:  # it ended meanwhile, or belongs to somebody else
        return False


def name_of(pid: int) -> str:
    """What the kernel calls a process; empty when it ended meanwhile."""
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""
