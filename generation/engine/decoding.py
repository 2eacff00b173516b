"""Finished latents to pictures, beside the steps where the device can do both at once.

Decoding one picture takes as long as one to several steps, and everybody else would wait for it. On CUDA it runs on a
thread and a stream of its own, one picture at a time, while the engine thread goes on with the steps. On a CPU both
would want the same cores, so a picture is decoded between two ticks, one per tick.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

import torch

from generation.contracts import Raster
from generation.engine.families.base import Family
from generation.engine.hires import decode_picture
from generation.engine.state import Trajectory


@dataclass(frozen=True, slots=True)
class Decoded:
    """How a decoding ended: with `picture`, or with what it raised."""

    trajectory: Trajectory
    picture: Raster | None
    error: Exception | None = None


def decoded(trajectory: Trajectory, family: Family) -> Decoded:
    """Decode a picture on this thread."""
    try:
        return Decoded(trajectory, decode_picture(trajectory, family))
    except Exception as error:  # noqa: BLE001 -- whatever it is, it ends one request and no other
        return Decoded(trajectory, None, error)


class Lane(Protocol):
    """Where decodings run while the engine thread works."""

    def begin(self, trajectory: Trajectory, family: Family) -> Future[Decoded]:
        """Decode a picture that the engine thread has just finished."""
        ...

    def close(self) -> None:
        """End it."""
        ...


class ThreadLane:
    """A thread of its own."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="decode")

    def begin(self, trajectory: Trajectory, family: Family) -> Future[Decoded]:
        """Decode a picture behind those that were begun."""
        return self._thread.submit(_decoded_elsewhere, trajectory, family)

    def close(self) -> None:
        """End the thread after what it does."""
        self._thread.shutdown()


class CudaLane(ThreadLane):
    """A thread with a stream of its own, so that it waits for no step that is begun later."""

    def __init__(self, device: torch.device) -> None:
        super().__init__()
        self._stream = torch.cuda.Stream(device)  # type: ignore[no-untyped-call]

    def begin(self, trajectory: Trajectory, family: Family) -> Future[Decoded]:
        """Decode a picture behind those that were begun, and behind the step that finished it."""
        made = torch.cuda.Event()  # type: ignore[no-untyped-call]
        made.record()
        return self._thread.submit(self._run, trajectory, family, made)

    def _run(self, trajectory: Trajectory, family: Family, made: torch.cuda.Event) -> Decoded:
        with torch.cuda.device(family.device), torch.cuda.stream(self._stream):
            self._stream.wait_event(made)
            trajectory.latents.record_stream(self._stream)  # or its memory could be given away while it is read
            return _decoded_elsewhere(trajectory, family)


class Decoder:
    """Pictures whose stage is done, in the order in which they came. The engine thread alone may touch it."""

    def __init__(self, lane: Lane | None = None) -> None:
        """Nothing is waiting.

        lane: None decodes on the engine thread, until a checkpoint on CUDA has something to decode.
        """
        self._lane = lane
        self._waiting: deque[tuple[Trajectory, Family]] = deque()
        self._running: tuple[Trajectory, Future[Decoded]] | None = None

    def __len__(self) -> int:
        """How many pictures wait or are being decoded."""
        return len(self._waiting) + (self._running is not None)

    def add(self, trajectory: Trajectory, family: Family) -> None:
        """Decode a picture when it is its turn."""
        if self._lane is None and family.device.type == "cuda":
            self._lane = CudaLane(family.device)
        self._waiting.append((trajectory, family))
        self._begin_next()

    def remove(self, trajectory: Trajectory) -> None:
        """Forget a picture; one that is not here is no error."""
        self._waiting = deque(each for each in self._waiting if each[0] is not trajectory)
        if self._running and self._running[0] is trajectory:
            self.settle()
            self._running = None
            self._begin_next()

    def next(self, *, wait: bool) -> Decoded | None:
        """The next picture that is done, if one is.

        wait: Whether to wait for the one that is being decoded, because there is nothing else to do.
        """
        if self._lane is None:
            return decoded(*self._waiting.popleft()) if self._waiting else None
        if self._running is None or not (wait or self._running[1].done()):
            return None
        done = self._running[1].result()
        self._running = None
        self._begin_next()
        return done

    def settle(self) -> None:
        """Wait for what is being decoded: the engine thread is about to use or to move the same autoencoder."""
        if self._running:
            self._running[1].result()

    def close(self) -> None:
        """End the lane, after what it does."""
        if self._lane:
            self._lane.close()

    def _begin_next(self) -> None:
        if self._lane and self._running is None and self._waiting:
            trajectory, family = self._waiting.popleft()
            self._running = trajectory, self._lane.begin(trajectory, family)


def _decoded_elsewhere(trajectory: Trajectory, family: Family) -> Decoded:
    with torch.inference_mode():  # every thread has its own
        return decoded(trajectory, family)
