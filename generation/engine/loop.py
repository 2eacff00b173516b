"""The engine thread: who runs, run it, tell what happened.

One thread owns all networks and all resident pictures. Each tick it obeys what callers asked for, advances one batch of
pictures by one step, decodes at most one finished picture, and tells the listeners. What arrives joins at the next
tick; what is cancelled is gone by the next tick; what fails, fails alone.
"""

from __future__ import annotations

import itertools
import logging
import queue
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future

import torch

from generation.contracts import (
    EngineEvent,
    EngineListener,
    Progressed,
    Raster,
    RenderCanceled,
    Rendered,
    RenderRequest,
)
from generation.engine.admission import BadPlanError, admit
from generation.engine.batching import step_together
from generation.engine.failures import EngineStoppedError, failure, is_out_of_memory
from generation.engine.families.base import Family
from generation.engine.hires import decode_picture, enter_next_stage
from generation.engine.loaded import LoadedFamilies
from generation.engine.previews import paint
from generation.engine.rehearsal import rehearse
from generation.engine.scheduler import Scheduler
from generation.engine.state import Bucket, Resident, Trajectory

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
        preview_interval_s: float = 0.25,
    ) -> None:
        """Make an engine that has not started.

        Args:
            load: Loads a checkpoint by its name, on the engine thread, when it is first needed.
            max_rows: Rows of one forward pass; a picture has one per part of its prompt, and one more while guided.
            max_families: Checkpoints that stay loaded; more only while people are painted with more. None keeps all.
            preview_interval_s: The shortest time between two previews of one request.
        """
        self._max_rows = max_rows
        self._preview_interval_s = preview_interval_s
        self._load = load
        self._families = LoadedFamilies(max_families)
        self._inbox: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._keys = itertools.count()
        self._scheduler: Scheduler[Bucket] = Scheduler()
        self._row_caps: dict[Bucket, int] = {}
        self._residents: dict[str, Resident] = {}
        self._trajectories: dict[int, Trajectory] = {}
        self._stage_done: deque[Trajectory] = deque()
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
        self._dismiss_all(EngineStoppedError("The engine was stopped."))
        self._finished.set()
        self._obey()

    def _tick(self) -> None:
        """One turn of the loop; waits for a message when there is nothing to do."""
        idle = not self._scheduler and not self._stage_done
        self._obey(wait=idle)
        self._tell_progress(self._step())  # before the decoding, which may take longer than many steps
        self._finish_one_stage()
        self._last_tick_at = time.monotonic()

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
            rehearse(self._family(checkpoint), self._max_rows)
        except Exception as error:  # noqa: BLE001 -- handed to the caller who waits
            done.set_exception(error)
        else:
            done.set_result(None)

    def _admit(self, request: RenderRequest, listener: EngineListener) -> None:
        try:
            self._check_welcome(request)
            resident = admit(request, listener, self._family(request.plan.checkpoint), self._keys)
        except Exception as error:
            logger.warning("request_refused", exc_info=True)
            _notify(listener, failure(request.request_id, error))
            return
        self._residents[request.request_id] = resident
        for trajectory in resident.trajectories:
            self._trajectories[trajectory.key] = trajectory
            self._scheduler.add(trajectory.key, trajectory.bucket, trajectory.rows)

    def _check_running(self) -> None:
        if self._stopping.is_set():
            raise EngineStoppedError("The engine was stopped.")

    def _check_welcome(self, request: RenderRequest) -> None:
        self._check_running()
        if request.request_id in self._residents:
            raise BadPlanError("This request is being painted already.")

    def _cancel(self, request_id: str) -> None:
        resident = self._forget(request_id)
        if resident:
            _notify(resident.listener, RenderCanceled(request_id=request_id))

    def _forget(self, request_id: str) -> Resident | None:
        """Free everything that a request owns."""
        resident = self._residents.pop(request_id, None)
        for trajectory in resident.trajectories if resident else ():
            self._scheduler.remove(trajectory.key)
            del self._trajectories[trajectory.key]
            if trajectory in self._stage_done:
                self._stage_done.remove(trajectory)
        return resident

    # --- steps

    def _step(self) -> Sequence[Trajectory]:
        """Advance the batch whose turn it is; gives those that moved."""
        bucket = self._scheduler.next_bucket()
        if bucket is None:
            return ()
        family = self._families[bucket.checkpoint]
        cap = min(self._max_rows, family.row_limit(bucket.latent_shape), self._row_caps.get(bucket, self._max_rows))
        members = [self._trajectories[key] for key in self._scheduler.pick(max_rows=cap)]
        moved = [member for member in self._advance(members, family) if self._is_resident(member)]
        for trajectory in moved:
            if trajectory.stage_is_done:
                self._scheduler.remove(trajectory.key)
                self._stage_done.append(trajectory)
            else:
                self._scheduler.resize(trajectory.key, trajectory.rows)  # its next step may be guided or not
        return moved

    def _is_resident(self, trajectory: Trajectory) -> bool:
        """Whether its request has not failed since the batch was chosen, by another of its pictures."""
        return trajectory.key in self._trajectories

    def _advance(self, members: Sequence[Trajectory], family: Family) -> list[Trajectory]:
        """Step members together; when that raises, in smaller parts, until only what cannot run has failed."""
        members = [member for member in members if self._is_resident(member)]
        if not members:
            return []
        try:
            step_together(members, family)
        except Exception as error:  # noqa: BLE001 -- whatever it is, it ends one request and no other
            if len(members) == 1:
                self._fail(members[0], error)
                return []
            return [moved for part in self._parts(members, error) for moved in self._advance(part, family)]
        return list(members)

    def _parts(self, members: Sequence[Trajectory], error: Exception) -> list[Sequence[Trajectory]]:
        """Halves when memory ran out, and smaller batches from now on; else each alone."""
        if not is_out_of_memory(error):
            return [[member] for member in members]
        traceback.clear_frames(error.__traceback__)  # they still hold the tensors that did not fit
        self._row_caps[members[0].bucket] = max(1, sum(member.rows for member in members) // 2)
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        middle = len(members) // 2
        return [members[:middle], members[middle:]]

    def _finish_one_stage(self) -> None:
        """Decode one picture whose stage is done: one per tick, so that the others' steps wait for no more."""
        if not self._stage_done:
            return
        trajectory = self._stage_done.popleft()
        resident = self._residents[trajectory.request_id]
        family = self._families[trajectory.bucket.checkpoint]
        try:
            picture = decode_picture(trajectory, family)
            if trajectory.stage_index + 1 < len(resident.request.plan.stages):
                enter_next_stage(trajectory, picture, resident.request, family)
                self._scheduler.add(trajectory.key, trajectory.bucket, trajectory.rows)
            else:
                trajectory.picture = picture
        except Exception as error:  # noqa: BLE001 -- whatever it is, it ends one request and no other
            self._fail(trajectory, error)
            return
        self._deliver_if_done(resident)

    # --- what listeners hear

    def _tell_progress(self, moved: Sequence[Trajectory]) -> None:
        """Tell each request whose slowest picture got further, with a preview when one is due."""
        for request_id in dict.fromkeys(trajectory.request_id for trajectory in moved):
            resident = self._residents.get(request_id)
            if resident is None or resident.slowest_step == resident.told_step:
                continue
            resident.told_step = resident.slowest_step
            preview = self._preview_if_due(resident)
            event = Progressed(request_id=request_id, step=resident.told_step, steps=resident.steps, preview=preview)
            _notify(resident.listener, event)

    def _preview_if_due(self, resident: Resident) -> tuple[Raster, ...] | None:
        now = time.monotonic()
        if resident.previewed_at is not None and now - resident.previewed_at < self._preview_interval_s:
            return None
        resident.previewed_at = now
        family = self._families[resident.request.plan.checkpoint]
        estimates = [trajectory.denoised for trajectory in resident.trajectories]
        try:
            return tuple(paint(one[None], family.latent_to_rgb)[0] for one in estimates if one is not None)
        except Exception:
            logger.exception("engine_preview_failed")  # the picture itself may well come out
            return None

    def _deliver_if_done(self, resident: Resident) -> None:
        pictures = [trajectory.picture for trajectory in resident.trajectories]
        if any(picture is None for picture in pictures):
            return
        request_id = resident.request.request_id
        self._forget(request_id)
        engine_ms = round((time.monotonic() - resident.admitted_at) * 1000)
        done = tuple(picture for picture in pictures if picture is not None)
        _notify(resident.listener, Rendered(request_id=request_id, pictures=done, engine_ms=engine_ms))

    def _fail(self, trajectory: Trajectory, error: Exception) -> None:
        """End one request."""
        logger.error("request_failed", exc_info=error)
        resident = self._forget(trajectory.request_id)
        if resident:
            _notify(resident.listener, failure(trajectory.request_id, error))

    def _dismiss_all(self, error: Exception) -> None:
        """End every request."""
        for request_id in list(self._residents):
            resident = self._forget(request_id)
            if resident:
                _notify(resident.listener, failure(request_id, error))


def _notify(listener: EngineListener, event: EngineEvent) -> None:
    """Tell one listener; one that raises harms nobody else."""
    try:
        listener(event)
    except Exception:
        logger.exception("engine_listener_failed")
