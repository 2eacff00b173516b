"""The engine of this process and the right to stop it."""

from __future__ import annotations

import faulthandler
import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NoReturn

from django.conf import settings
from django.db import close_old_connections, connections

from generation.engine.families.base import Family
from generation.engine.hardware import best_device
from generation.engine.loading import load_family
from generation.engine.loop import Engine
from generation.engine.residency import budget_bytes
from generation.engine.upscaling import load_upscaler
from generation.jobs import presence, queue, records
from generation.jobs.checkpoints import register_configured
from generation.workers.answering import Answerer
from generation.workers.bridge import Bridge
from generation.workers.judging import Judge
from generation.workers.looking_again import look_again
from generation.workers.pace import Pace
from generation.workers.patience import DATABASE_AWAY, drop_broken_connection
from generation.workers.room import Room
from generation.workers.shelf import Shelf

log = logging.getLogger(__name__)
STALLED_EXIT_CODE = 75
DRAIN_S = 20.0
WATCH_EVERY_S = 1.0


class Runtime:
    """One engine, shared by all Celery threads of a worker process.

    Threads cannot be killed and time limits do not exist in this pool; so a watchdog ends the process when the
    engine stands still, the supervisor starts it again, and the recovery sweep gives the jobs to the next worker.
    """

    def __init__(self) -> None:
        """Nothing is loaded yet."""
        self.worker = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        families = settings.MJWEB_RESIDENT_MODELS
        self.engine = Engine(
            self._load,
            max_rows=settings.MJWEB_MAX_ROWS,
            max_families=families,
            device_bytes=budget_bytes(settings.MJWEB_VRAM_GB),
            is_exact=settings.MJWEB_EXACT,
            accelerates=settings.MJWEB_COMPILE,
            profile_folder=Path(settings.DATA_DIR) / "profile",
            upscaler=load_upscaler(settings.MJWEB_UPSCALER, best_device()),
        )
        self._judge = Judge(Path(settings.MJWEB_CLIP))
        self._answerer = Answerer(self._judge.clip, Path(settings.MJWEB_CLIP))
        self._shelf = Shelf(families)
        self._room = Room(settings.MJWEB_MAX_ROWS)
        self._pace = Pace()
        self._loading = threading.Lock()
        self._loaded_at = 0.0
        self._draining_since: float | None = None
        self._is_leaving = threading.Event()

    def start(self) -> None:
        """Loads and warms the default model, then takes jobs for every model that is on this machine.

        Effects: registers the configured checkpoint, writes `run/engine.ready` with this process's id, wakes itself.
        """
        default = register_configured(settings.MJWEB_CHECKPOINT, is_named=settings.MJWEB_CHECKPOINT_IS_NAMED).name
        self._announce()
        connections.close_all()  # this thread ends soon; a connection that it kept would be lost to the pool
        self.engine.start()
        if default in self._shelf.names:
            self.engine.warm(default)
        threading.Thread(target=self._watch, name="engine-watchdog", daemon=True).start()
        threading.Thread(target=self._stay_known, name="engine-presence", daemon=True).start()
        _write_ready_file()
        self._tell(self._answerer.introduce)
        log.info("Ready to render with %s.", ", ".join(self._shelf.names))
        queue.wake_engines()

    def work(self) -> None:
        """Renders jobs until none waits. Runs in as many threads as Celery gives; the engine mixes their steps."""
        while not self.is_draining and (claim := self._claim()) is not None:
            with self._shelf.until_done(claim.plan.checkpoint):
                Bridge(
                    claim,
                    self.engine,
                    self._judge,
                    is_draining=self._must_leave,
                    is_stopping=lambda: self.is_draining,
                    on_ending=partial(self._leave_room, claim),
                    pace=self._pace,
                ).run()
            close_old_connections()

    def answer(self, question_id: str) -> None:
        """Answers a question to CLIP. Runs in the thread that Celery gives."""
        self._answerer.answer(question_id)
        close_old_connections()

    def look_again(self) -> None:
        """Looks at pictures that its CLIP has not seen, while nobody waits. Runs in the thread that Celery gives."""
        try:
            count = look_again(self._judge, is_busy=lambda: self.is_draining or self.engine.is_busy)
        except DATABASE_AWAY as error:
            log.warning("Nothing was looked at again, for the database does not answer: %s", error)
        else:
            if count:
                log.info("Looked at %s pictures that were made before.", count)
        finally:
            close_old_connections()

    def drain(self) -> None:
        """No new jobs from now on; running ones have 20 seconds, then they go back to the queue."""
        self._draining_since = time.monotonic()
        self._is_leaving.set()
        _ready_file().unlink(missing_ok=True)

    @property
    def is_draining(self) -> bool:
        """Whether this worker is about to stop."""
        return self._draining_since is not None

    def _claim(self) -> records.Claim | None:
        """The next job that there is room for; None also while the database is away: the sweep wakes us again."""
        try:
            with self._room.entrance() as is_full:
                shelf = self._shelf
                claim = records.claim_job(
                    self.worker, checkpoints=shelf.names, loaded=shelf.loaded, newcomers_only=is_full
                )
                if claim is not None:
                    self._room.enter(claim.plan)
                    shelf.begin(claim.plan.checkpoint)
                return claim
        except DATABASE_AWAY as error:
            drop_broken_connection()
            log.warning("No job was claimed, for the database does not answer: %s", error)
            return None

    def _leave_room(self, claim: records.Claim) -> None:
        """The engine is nearly done with a job: another one may begin before this one's pictures are written."""
        self._room.leave(claim.plan)
        if self.is_draining:
            return
        try:
            records.wake_for_waiting()
        except DATABASE_AWAY:
            drop_broken_connection()  # the sweep wakes us when it is back

    def _must_leave(self) -> bool:
        return self._draining_since is not None and time.monotonic() - self._draining_since > DRAIN_S

    def _load(self, name: str) -> Family:
        """Loads a checkpoint for the engine, on the engine thread."""
        log.info("Loading %s.", name)
        with self._loading:
            try:
                return load_family(self._shelf.folder(name))
            finally:
                self._loaded_at = time.monotonic()

    def _stay_known(self) -> None:
        """Says three times per lease that this worker is alive, and which models it can reach by now."""
        while not self._is_leaving.wait(settings.MJWEB_LEASE_S / 3):
            self._tell(self._announce)
        self._tell(lambda: presence.dismiss_worker(self.worker))

    def _announce(self) -> None:
        """Looks what models there are by now, frees those that are gone or others by now, and says which it serves."""
        for name in self._shelf.look():
            self.engine.evict(name)
        presence.announce_worker(self.worker, self._shelf.names)

    def _tell(self, words: Callable[[], None]) -> None:
        """Tries to say something; whatever fails, the next time may work."""
        try:
            words()
        except Exception:
            log.exception("This worker could not say which models it serves.")
        finally:
            drop_broken_connection()

    def _watch(self) -> None:
        """Ends the process when a busy engine made no step for too long. Loading a model may take any time."""
        while True:
            time.sleep(WATCH_EVERY_S)
            if self._loading.locked():
                continue
            moved_at = max(self.engine.last_tick_at, self._loaded_at)
            if self.engine.is_busy and time.monotonic() - moved_at > settings.MJWEB_STALL_S:
                log.critical("The engine made no step for %s s; the worker starts again.", settings.MJWEB_STALL_S)
                faulthandler.dump_traceback(all_threads=True)
                exit_for_restart()


def exit_for_restart() -> NoReturn:
    """Ends the process at once; whoever supervises it starts it again."""
    os._exit(STALLED_EXIT_CODE)


def _ready_file() -> Path:
    return Path(settings.DATA_DIR) / "run" / "engine.ready"


def _write_ready_file() -> None:
    file = _ready_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(str(os.getpid()))
