"""One claimed job from the engine's events to its rows and its owner's page."""

from __future__ import annotations

import base64
import logging
import queue
import time
from collections.abc import Callable
from typing import Protocol

from django.conf import settings

from generation.contracts import (
    EngineEvent,
    EngineListener,
    Progressed,
    RenderCanceled,
    Rendered,
    RenderFailed,
    RenderRequest,
)
from generation.engine.images import grid_webp
from generation.jobs import records
from generation.jobs.records import Claim
from generation.workers.storing import load_source, store_pictures

log = logging.getLogger(__name__)
SHOW_EVERY_S = 0.25
PREVIEW_TILE_PX = 192


class RendersRequests(Protocol):
    """The part of the engine that a bridge needs."""

    def submit(self, request: RenderRequest, listener: EngineListener) -> None:
        """Takes a request in; its events come to the listener."""

    def cancel(self, request_id: str) -> None:
        """Ends a request by the next step."""


class Bridge:
    """Follows one claim until it is finished, failed, canceled or given back.

    It waits in the Celery thread of its job; the engine thread only ever puts an event into the inbox.
    """

    def __init__(self, claim: Claim, engine: RendersRequests, *, is_draining: Callable[[], bool]) -> None:
        self._claim = claim
        self._engine = engine
        self._is_draining = is_draining
        self._request_id = f"{claim.job_id}/{claim.attempt}"
        self._inbox: queue.SimpleQueue[EngineEvent] = queue.SimpleQueue()
        self._shown_at = 0.0

    def run(self) -> None:
        """Renders the job and writes it down.

        Effects: rows, files and events of the job. Any failure ends as the job's own, with a sentence.
        """
        try:
            source = load_source(self._claim)
            request = RenderRequest(request_id=self._request_id, plan=self._claim.plan, source=source)
            self._engine.submit(request, self._inbox.put)
            self._follow()
        except Exception:
            log.exception("Job %s failed in its worker.", self._claim.job_id)
            self._engine.cancel(self._request_id)
            sentence = "Something went wrong while these pictures were made. It has been logged. Try again."
            records.fail_job(self._claim, code="worker_error", sentence=sentence)

    def _follow(self) -> None:
        """Handles events until the last one. Silence renews the lease: loading a model may take longer than it."""
        while True:
            event = self._next_event()
            if event is None:
                self._stay_or_leave(records.renew_lease(self._claim))
            elif isinstance(event, Progressed):
                self._show(event)
            else:
                self._end(event)
                return

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
        """Writes and shows progress at once the first time, then at most four times a second."""
        now = time.monotonic()
        if now - self._shown_at < SHOW_EVERY_S:
            return
        self._shown_at = now
        held = records.record_progress(self._claim, step=event.step, steps=event.steps, preview=preview_url(event))
        self._stay_or_leave(held)

    def _stay_or_leave(self, held: bool) -> None:
        if not held:
            self._engine.cancel(self._request_id)  # somebody canceled it, or another attempt owns it now
        elif self._is_draining() and records.release_job(self._claim):
            self._engine.cancel(self._request_id)

    def _end(self, event: Rendered | RenderCanceled | RenderFailed) -> None:
        if isinstance(event, RenderFailed):
            records.fail_job(self._claim, code=event.code, sentence=event.sentence)
        elif isinstance(event, Rendered) and records.start_finishing(self._claim):
            pictures = store_pictures(self._claim, event.pictures)
            records.finish_job(self._claim, pictures, engine_ms=event.engine_ms)


def preview_url(event: Progressed) -> str | None:
    """The grid so far as a small WebP in a `data:` URL; None when the engine had no new preview."""
    if not event.preview:
        return None
    columns = 1 if len(event.preview) == 1 else 2
    webp = grid_webp(event.preview, columns=columns, tile_px=PREVIEW_TILE_PX)
    return "data:image/webp;base64," + base64.b64encode(webp).decode()


def _merged(older: Progressed, newer: EngineEvent) -> EngineEvent:
    """The newer event, with the older one's preview where it brings none itself."""
    if isinstance(newer, Progressed) and newer.preview is None and older.preview is not None:
        return Progressed(request_id=newer.request_id, step=newer.step, steps=newer.steps, preview=older.preview)
    return newer
