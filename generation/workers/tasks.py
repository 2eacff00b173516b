"""Celery tasks of this room, and what happens when its worker starts and stops."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Any

from celery import shared_task
from celery.signals import worker_ready, worker_shutting_down

from generation.engine.threads import keep_threads_from_spinning
from generation.jobs import direction_indexes, emptying, glimpses, presence, records
from generation.jobs.directions import present_encoder

if TYPE_CHECKING:
    from generation.workers.runtime import Runtime

log = logging.getLogger(__name__)
ENGINE_QUEUE = "gpu"
_runtime: Runtime | None = None
_runtime_started = threading.Event()


@shared_task(name="generation.render")  # type: ignore[untyped-decorator]
def render() -> None:
    """Renders until no job waits."""
    _runtime_started.wait()
    if _runtime is not None:
        _runtime.work()


@shared_task(name="generation.answer")  # type: ignore[untyped-decorator]
def answer(question_id: str) -> None:
    """Answers a question to CLIP."""
    _runtime_started.wait()
    if _runtime is not None:
        _runtime.answer(question_id)


@shared_task(name="generation.look_again")  # type: ignore[untyped-decorator]
def look_again() -> None:
    """Looks at pictures that the CLIP of this worker has not seen."""
    if _runtime is not None:
        _runtime.look_again()


@shared_task(name="generation.index_directions")  # type: ignore[untyped-decorator]
def index_directions() -> None:
    """Makes the index of a new encoder's directions while it is small."""
    direction_indexes.index_directions(present_encoder())


@shared_task(name="generation.recover")  # type: ignore[untyped-decorator]
def recover() -> None:
    """Puts jobs of silent workers back into the queue and wakes the engines for what waits."""
    records.recover_expired()
    records.wake_for_waiting()
    presence.forget_dead_workers()


@shared_task(name="generation.take_glimpses")  # type: ignore[untyped-decorator]
def take_glimpses() -> None:
    """Makes the placeholders of pictures that were made before there were any."""
    glimpses.take_glimpses()


@shared_task(name="generation.empty_trash")  # type: ignore[untyped-decorator]
def empty_trash() -> None:
    """Removes what lay in the trash for thirty days, and files of people who left."""
    emptying.empty_trash()
    emptying.remove_left_files()


@worker_ready.connect  # type: ignore[untyped-decorator]
def start_runtime(sender: Any, **kwargs: Any) -> None:  # noqa: ARG001 - a signal's signature
    """Starts the engine in the worker that reads the engine's queue, and in no other."""
    if ENGINE_QUEUE in sender.app.amqp.queues.consume_from:
        threading.Thread(target=_start, name="runtime-start", daemon=True).start()


@worker_shutting_down.connect  # type: ignore[untyped-decorator]
def drain_runtime(**kwargs: Any) -> None:  # noqa: ARG001 - a signal's signature
    """Lets running jobs end and takes no more."""
    if _runtime is not None:
        _runtime.drain()
    _runtime_started.set()


def _start() -> None:
    """Imports torch here, so that the light worker and the web never pay for it."""
    global _runtime  # noqa: PLW0603 - one engine per process is the point
    keep_threads_from_spinning()
    from generation.workers.runtime import Runtime, exit_for_restart  # noqa: PLC0415

    try:
        runtime = Runtime()
        runtime.start()
    except Exception:
        log.exception("The engine did not start.")
        exit_for_restart()
    _runtime = runtime
    _runtime_started.set()
