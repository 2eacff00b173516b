"""The engine thread: who runs, run it, tell what happened.

One thread owns all networks and all resident pictures. Each tick it obeys what callers asked for, advances one batch of
pictures by one step, takes at most one decoded picture, and tells the listeners. What arrives joins at the next
tick; what is cancelled is gone by the next tick; what fails, fails alone. With nothing to do it measures what it may
(`profiling`), a forward pass at a time.
"""

from __future__ import annotations

import itertools
import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from pathlib import Path

import torch

from generation.contracts import EngineListener, RenderCanceled, RenderRequest
from generation.engine.accelerating import accelerate
from generation.engine.admission import admit
from generation.engine.checks import BadPlanError
from generation.engine.decoding import Decoded, Decoder
from generation.engine.enlarging import admit_enlarging, enlarge_for_next_stage, enlarge_sources
from generation.engine.failures import STOPPED, EngineStoppedError, failure, is_out_of_memory
from generation.engine.families.base import Family
from generation.engine.hires import enter_next_stage
from generation.engine.loaded import LoadedFamilies
from generation.engine.profiling import RowProfiles
from generation.engine.rehearsal import rehearse
from generation.engine.reporting import notify, tell_pictures, tell_progress
from generation.engine.residency import Residency
from generation.engine.state import Resident, Trajectory
from generation.engine.stepping import Stepper
from generation.engine.upscaling import Lanczos, Upscaler

logger = logging.getLogger(__name__)


class Engine:
    """Paints many requests at once on one thread.

    `submit`, `cancel`, `warm`, `evict` and `stop` may be called from any thread. Events reach a request's listener on
    the engine thread, which waits for it: a listener hands over and returns.
    """

    def __init__(
        self,
        load: Callable[[str], Family],
        *,
        max_rows: int,
        max_families: int | None = None,
        device_bytes: int | None = None,
        is_exact: bool = False,
        accelerates: bool = False,
        profile_folder: Path | None = None,
        upscaler: Upscaler | None = None,
        preview_interval_s: float = 0.25,
    ) -> None:
        """Make an engine that has not started.

        Args:
            load: Loads a checkpoint by its name, on the engine thread, when it is first needed.
            max_rows: Rows of one forward pass; a picture has one per part of its prompt, and one more while guided.
            max_families: Checkpoints that stay loaded; more only while people are painted with more. None keeps all.
            device_bytes: What the weights of those on the device may take, see `residency`; None leaves all there.
            is_exact: Whether a seed gives the same picture in any company on CUDA too, see `padding`; it costs speed.
            accelerates: Whether networks on CUDA find faster ways by and by, see `accelerating`.
            profile_folder: Where measured profiles lie, see `profiling`; None measures nothing.
            upscaler: Makes pictures larger before they are painted on; None interpolates.
            preview_interval_s: The shortest time between two previews of one request.
        """
        self._max_rows = max_rows
        self._preview_interval_s = preview_interval_s
        self._load = partial(_accelerated, load) if accelerates else load
        self._profiles = RowProfiles(profile_folder, max_rows=max_rows)
        residency = None if device_bytes is None else Residency(device_bytes)
        self._families = LoadedFamilies(max_families, residency, self._profiles.forget)
        self._inbox: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._keys = itertools.count()
        self._residents: dict[str, Resident] = {}
        self._trajectories: dict[int, Trajectory] = {}
        self._stepper = Stepper(
            self._trajectories,
            self._profiles,
            max_rows=max_rows,
            is_exact=is_exact,
            fail=self._fail,
            make_room=lambda: self._families.make_room(self._busy_checkpoints()),
        )
        self._decoder = Decoder()
        self._upscaler: Upscaler = upscaler or Lanczos()
        self._stopping = threading.Event()
        self._finished = threading.Event()
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)
        self._last_tick_at = time.monotonic()

    @property
    def last_tick_at(self) -> float:
        """time.monotonic of the last progress, for a watchdog; loading a checkpoint makes none until it is done."""
        return self._last_tick_at

    @property
    def is_busy(self) -> bool:
        """Whether any request is resident or waits to be taken in."""
        return bool(self._residents) or not self._inbox.empty()

    def start(self) -> None:
        """Start the engine thread; once."""
        self._thread.start()

    def stop(self, *, timeout_s: float) -> None:
        """End the engine thread after the tick it is in; its requests hear RenderFailed `engine_stopped`.

        Raises:
            TimeoutError: The thread is still in a tick after `timeout_s`.
        """
        self._stopping.set()
        if self._thread.ident is None:
            self._close()
            return
        self._send(lambda: None)  # wakes it
        self._thread.join(timeout_s)
        if self._thread.is_alive():
            raise TimeoutError("The engine thread has not ended.")

    def warm(self, checkpoint: str) -> None:
        """Load a checkpoint and try out a first grid and a first upscale, so that the first person does not wait.

        Waits for the engine thread; whoever is painting waits as well.

        Raises:
            EngineStoppedError: The engine has ended, or ends before it comes to this.
            Exception: Whatever loading or running it raised.
        """
        done: Future[None] = Future()
        self._send(lambda: self._warm(checkpoint, done))
        done.result()

    def submit(self, request: RenderRequest, listener: EngineListener) -> None:
        """Take in a request; its pictures join at the next tick."""
        self._send(lambda: self._admit(request, listener))

    def cancel(self, request_id: str) -> None:
        """Drop a request by the next tick; one that is unknown or already done is no error."""
        self._send(lambda: self._cancel(request_id))

    def evict(self, checkpoint: str) -> None:
        """Free a checkpoint that nobody is being painted with; it is loaded again when it is needed."""
        self._send(lambda: self._families.evict(checkpoint, busy=self._busy_checkpoints()))

    def _send(self, action: Callable[[], None]) -> None:
        if not self.is_busy:
            self._last_tick_at = time.monotonic()  # or a watchdog would take the idle time for a stall
        self._inbox.put(action)
        if self._finished.is_set():
            self._obey()

    # --- the thread

    def _run(self) -> None:
        try:
            with torch.inference_mode():
                while not self._stopping.is_set():
                    self._tick_safely()
        finally:
            self._close()

    def _tick_safely(self) -> None:
        try:
            self._tick()
        except Exception as error:
            logger.exception("engine_tick_failed")
            self._dismiss_all(error)

    def _close(self) -> None:
        """Tell everybody, and from now on let callers' own threads refuse what they ask for."""
        self._stopping.set()
        self._dismiss_all(EngineStoppedError(STOPPED))
        self._decoder.close()
        self._finished.set()
        self._obey()

    def _tick(self) -> None:
        """One turn of the loop; waits for a message when there is nothing to do."""
        idle = not self._stepper.scheduler and not self._decoder
        self._obey(wait=idle and not self._measure())
        self._tell_progress(self._step())  # before the decoding, which may take longer than many steps
        self._take_decoded()
        self._last_tick_at = time.monotonic()

    def _measure(self) -> bool:
        """Measure a little, unless somebody has asked for something; whether there was anything to measure."""
        return self._inbox.empty() and self._profiles.measure(self._families.is_ready)

    def _obey(self, *, wait: bool = False) -> None:
        """Do what callers asked for since the last tick."""
        if wait:
            self._inbox.get()()
        while True:
            try:
                action = self._inbox.get_nowait()
            except queue.Empty:
                return
            action()

    # --- what callers ask for

    def _family(self, checkpoint: str) -> Family:
        return self._families.fetch(checkpoint, self._load, busy=self._busy_checkpoints())

    def _busy_checkpoints(self) -> set[str]:
        """Those that somebody is being painted with."""
        return {resident.request.plan.checkpoint for resident in self._residents.values()}

    def _warm(self, checkpoint: str, done: Future[None]) -> None:
        try:
            self._check_running()
            self._decoder.settle()  # it goes through the same autoencoder
            rehearse(self._family(checkpoint), self._max_rows)
        except Exception as error:  # noqa: BLE001 -- handed to the caller who waits
            done.set_exception(error)
        else:
            done.set_result(None)

    def _admit(self, request: RenderRequest, listener: EngineListener) -> None:
        try:
            self._check_welcome(request)
            if request.sources:
                self._decoder.settle()  # they go through the same autoencoder
            family = self._family(request.plan.checkpoint)
            if request.plan.only_enlarges:
                resident = admit_enlarging(request, listener, self._upscaler, self._keys)
            else:
                resident = admit(enlarge_sources(request, self._upscaler), listener, family, self._keys)
        except Exception as error:
            logger.warning("request_refused", exc_info=True)
            notify(listener, failure(request.request_id, error))
            return
        self._residents[request.request_id] = resident
        for trajectory in resident.trajectories:
            self._trajectories[trajectory.key] = trajectory
            self._stepper.add(trajectory, resident.owner)

    def _check_running(self) -> None:
        if self._stopping.is_set():
            raise EngineStoppedError(STOPPED)

    def _check_welcome(self, request: RenderRequest) -> None:
        self._check_running()
        if request.request_id in self._residents:
            raise BadPlanError("This request is being painted already.")

    def _cancel(self, request_id: str) -> None:
        resident = self._forget(request_id)
        if resident:
            notify(resident.listener, RenderCanceled(request_id=request_id))

    def _forget(self, request_id: str) -> Resident | None:
        """Free everything that a request owns."""
        resident = self._residents.pop(request_id, None)
        for trajectory in resident.trajectories if resident else ():
            self._stepper.scheduler.remove(trajectory.key)
            self._decoder.remove(trajectory)
            del self._trajectories[trajectory.key]
            if trajectory.run is not None:
                trajectory.run.cancel()
        return resident

    # --- steps

    def _step(self) -> Sequence[Trajectory]:
        """Advance the batch whose turn it is; gives those that moved."""
        moved = self._stepper.step(self._families.__getitem__)
        for trajectory in moved:
            family = self._families[trajectory.bucket.checkpoint]
            if trajectory.stage_is_done:
                self._decoder.add(trajectory, family)
            elif trajectory.run is None:
                self._profiles.note(trajectory, family)
        return moved

    def _take_decoded(self) -> None:
        """Take one picture whose stage is done: one per tick, so that the others' steps wait for no more."""
        done = self._decoder.next(wait=not self._stepper.scheduler)
        if done is None:
            return
        if done.error and is_out_of_memory(done.error) and self._families.make_room(self._busy_checkpoints()):
            self._decoder.add(done.trajectory, self._families[done.trajectory.bucket.checkpoint])
            return
        try:
            self._go_on(done)
        except Exception as error:  # noqa: BLE001 -- whatever it is, it ends one request and no other
            self._fail(done.trajectory, error)

    def _go_on(self, done: Decoded) -> None:
        """Let a decoded picture enter its next stage, or be delivered with the others of its request."""
        if done.picture is None:
            raise done.error or RuntimeError("Nothing was decoded.")
        trajectory = done.trajectory
        resident = self._residents[trajectory.request_id]
        if trajectory.stage_index + 1 < len(resident.request.plan.stages):
            self._decoder.settle()  # the picture goes through the same autoencoder
            picture = enlarge_for_next_stage(done.picture, trajectory.stage_index, resident.request, self._upscaler)
            enter_next_stage(trajectory, picture, resident.request, self._families[trajectory.bucket.checkpoint])
            self._stepper.add(trajectory, resident.owner)
        else:
            trajectory.picture = done.picture
            self._deliver_if_done(resident)

    # --- what listeners hear

    def _tell_progress(self, moved: Sequence[Trajectory]) -> None:
        """Tell each request of which a picture has moved."""
        for request_id in dict.fromkeys(trajectory.request_id for trajectory in moved):
            resident = self._residents.get(request_id)
            if resident is not None:
                family = self._families[resident.request.plan.checkpoint]
                tell_progress(resident, family, preview_interval_s=self._preview_interval_s)

    def _deliver_if_done(self, resident: Resident) -> None:
        if resident.is_done:
            self._forget(resident.request.request_id)
            tell_pictures(resident)

    def _fail(self, trajectory: Trajectory, error: Exception) -> None:
        """End one request."""
        logger.error("request_failed", exc_info=error)
        resident = self._forget(trajectory.request_id)
        if resident:
            notify(resident.listener, failure(trajectory.request_id, error))

    def _dismiss_all(self, error: Exception) -> None:
        """End every request."""
        for request_id in list(self._residents):
            resident = self._forget(request_id)
            if resident:
                notify(resident.listener, failure(request_id, error))


def _accelerated(load: Callable[[str], Family], checkpoint: str) -> Family:
    """Load a checkpoint whose networks look for faster ways, where it is on CUDA."""
    family = load(checkpoint)
    if family.device.type == "cuda":
        accelerate(getattr(family, "denoisers", ()))
    return family
