"""One claimed job from the engine's events to its rows and its owner's page."""

from __future__ import annotations

import base64
import logging
import math
import queue
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from functools import partial
from typing import Protocol

from django.conf import settings

from generation.contracts import (
    EngineEvent,
    EngineListener,
    Progressed,
    Raster,
    RenderCanceled,
    Rendered,
    RenderFailed,
    RenderRequest,
)
from generation.engine.images import grid_webp
from generation.errors import GenerationError
from generation.jobs import records
from generation.jobs.adapters import adapter_files, control_file
from generation.jobs.records import Claim, StoredPicture
from generation.workers.classifying import classified
from generation.workers.courtesy import give_way
from generation.workers.judging import Judge
from generation.workers.machine import machine
from generation.workers.pace import Pace
from generation.workers.patience import DATABASE_AWAY, drop_broken_connection, outlasting
from generation.workers.storing import load_mask, load_sources, store_pictures
from mjweb.common.saying import sayable

log = logging.getLogger(__name__)
WORKER_ERROR = sayable("Something went wrong while these pictures were made. It has been logged. Try again.")
LAST_STEPS = 5
"""So many steps before its end a job makes room for the next: what is claimed then is there when this one is painted,
and the engine never stands still between two jobs of one person."""


class RendersRequests(Protocol):
    """The part of the engine that a bridge needs."""

    def submit(self, request: RenderRequest, listener: EngineListener) -> None:
        """Takes a request in; its events come to the listener."""

    def cancel(self, request_id: str) -> None:
        """Ends a request by the next step."""


class Bridge:
    """Follows one claim until it is finished, failed, canceled or given back.

    It waits in the Celery thread of its job; the engine thread only ever puts an event into the inbox.

    While the database is away the engine paints on: progress is not written, the end waits for the database.
    """

    def __init__(
        self,
        claim: Claim,
        engine: RendersRequests,
        judge: Judge,
        *,
        is_draining: Callable[[], bool],
        is_stopping: Callable[[], bool] = lambda: False,
        on_ending: Callable[[], object] = lambda: None,
        pace: Pace | None = None,
    ) -> None:
        """Nothing happens yet.

        Args:
            claim: The job and the right to it.
            engine: Paints it.
            judge: Looks at its pictures.
            is_draining: Whether the job must be given back because the worker is stopping.
            is_stopping: Whether the worker is stopping; the job may still be ended.
            on_ending: Called once, as soon as the engine has little or nothing more to do with this job.
            pace: How often it is shown, with all others of its worker; left out, as often as one that is alone.
        """
        self._claim = claim
        self._engine = engine
        self._judge = judge
        self._is_draining = is_draining
        self._outlasting = partial(outlasting, is_stopping=is_stopping)
        self._is_stopping = is_stopping
        self._on_ending = on_ending
        self._pace = pace or Pace()
        self._is_ending = False
        self._request_id = f"{claim.job_id}/{claim.attempt}"
        self._inbox: queue.SimpleQueue[EngineEvent] = queue.SimpleQueue()
        self._shown_at = 0.0

    def run(self) -> None:
        """Renders the job and writes it down. Never raises.

        Effects: rows, files and events of the job. Any failure ends as the job's own, with a sentence; a database that
        stays away leaves the job to the recovery sweep, which gives it to the next worker.
        """
        give_way()
        try:
            self._render()
        except DATABASE_AWAY:
            log.exception("The database stayed away: job %s is left to its next attempt.", self._claim.job_id)
        except GenerationError as error:
            log.warning("Job %s could not begin: %s", self._claim.job_id, error.sentence)
            self._fail(error.code, error.sentence)
        except Exception:
            log.exception("Job %s failed in its worker.", self._claim.job_id)
            self._fail("worker_error", WORKER_ERROR)

    def _render(self) -> None:
        try:
            sources = load_sources(self._claim)
            request = RenderRequest(
                request_id=self._request_id,
                plan=self._claim.plan,
                owner=str(self._claim.owner_id),
                sources=sources,
                mask=load_mask(self._claim),
                adapters=adapter_files(self._claim.plan),
                control=control_file(self._claim.plan),
            )
            self._engine.submit(request, self._inbox.put)
            with self._pace.company():
                end = self._follow()
        finally:
            self._engine.cancel(self._request_id)  # after its last event nothing is left to cancel
            self._make_room()
        self._end(end)

    def _fail(self, code: str, sentence: str) -> None:
        try:
            self._outlasting(lambda: records.fail_job(self._claim, code=code, sentence=sentence))
        except Exception:
            log.exception("Job %s could not be ended: it is left to the recovery sweep.", self._claim.job_id)

    def _follow(self) -> Rendered | RenderCanceled | RenderFailed:
        """The last event. Silence renews the lease: loading a model may take longer than it."""
        while True:
            event = self._next_event()
            if event is None:
                self._note(lambda: records.renew_lease(self._claim))
            elif isinstance(event, Progressed):
                if event.steps - event.step <= LAST_STEPS:
                    self._make_room()
                self._show(event)
            else:
                return event

    def _make_room(self) -> None:
        if not self._is_ending:
            self._is_ending = True
            self._on_ending()

    def _next_event(self) -> EngineEvent | None:
        """The newest event: progress that piled up behind another is skipped. None after a third of a lease."""
        try:
            event = self._inbox.get(timeout=settings.MJWEB_LEASE_S / 3)
            while isinstance(event, Progressed) and not self._inbox.empty():
                newer = self._inbox.get()
                event = _merged(event, newer)
        except queue.Empty:
            return None
        return event

    def _show(self, event: Progressed) -> None:
        """Writes and shows progress at once the first time, then at its worker's pace."""
        now = time.monotonic()
        if now - self._shown_at < self._pace.every_s:
            return
        self._shown_at = now
        with self._pace.showing():
            preview = preview_url(event)
            self._note(
                lambda: records.record_progress(self._claim, step=event.step, steps=event.steps, preview=preview)
            )

    def _note(self, write: Callable[[], bool]) -> None:
        """Writes that the work goes on, and stops it where the answer is that the job is no longer ours.

        A database that is away does not say so: the pictures may well be done when it is back. Only a worker that is
        stopping does not wait for that.
        """
        try:
            held = write()
            if held and self._is_draining():
                held = not records.release_job(self._claim)
        except DATABASE_AWAY as error:
            drop_broken_connection()
            log.warning("Progress of job %s was not written: %s", self._claim.job_id, error)
            held = not self._is_stopping()
        if not held:
            self._engine.cancel(self._request_id)  # canceled, given back, or another attempt's by now

    def _end(self, event: Rendered | RenderCanceled | RenderFailed) -> None:
        if isinstance(event, RenderFailed):
            self._outlasting(lambda: records.fail_job(self._claim, code=event.code, sentence=event.sentence))
        elif isinstance(event, Rendered) and self._outlasting(lambda: records.start_finishing(self._claim)):
            pictures = self._store(event.pictures)
            self._outlasting(lambda: self._finish(pictures, event.engine_ms))

    def _finish(self, pictures: Sequence[StoredPicture], engine_ms: int) -> bool:
        return records.finish_job(self._claim, pictures, engine_ms=engine_ms, made_with=machine())

    def _store(self, pictures: Sequence[Raster]) -> list[StoredPicture]:
        """Writes the files, and renews the lease while large ones are encoded."""
        with ThreadPoolExecutor(max_workers=1, thread_name_prefix="store") as aside:
            storing = aside.submit(store_pictures, self._claim, pictures, self._judge)
            while wait([storing], timeout=settings.MJWEB_LEASE_S / 3).not_done:
                self._note(lambda: records.renew_lease(self._claim))
            return self._classified(pictures, storing.result())

    def _classified(self, pictures: Sequence[Raster], stored: Sequence[StoredPicture]) -> list[StoredPicture]:
        """What the check of finished pictures says of them. One that fails ends the job: nothing goes by it unseen."""
        by_seed = dict(zip(self._claim.plan.seeds, pictures, strict=True))
        return classified(self._judge.classifier, [by_seed[one.seed] for one in stored], stored)


def preview_url(event: Progressed) -> str | None:
    """The grid so far as a WebP in a `data:` URL; None when the engine had no new preview.

    It keeps the size that the engine painted: enlarging it took ten times as long as everything else, and a browser
    does it as well.
    """
    if not event.preview:
        return None
    columns = math.ceil(math.sqrt(len(event.preview)))
    webp = grid_webp(event.preview, columns=columns)
    return "data:image/webp;base64," + base64.b64encode(webp).decode()


def _merged(older: Progressed, newer: EngineEvent) -> EngineEvent:
    """The newer event, with the older one's preview where it brings none itself."""
    if isinstance(newer, Progressed) and newer.preview is None and older.preview is not None:
        return Progressed(request_id=newer.request_id, step=newer.step, steps=newer.steps, preview=older.preview)
    return newer
