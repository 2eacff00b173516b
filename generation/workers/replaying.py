"""A finished job painted again from its row, and held against the pictures that were kept of it.

Nothing here loads torch before it is needed: only then are its threads told not to spin.
"""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from django.conf import settings
from django.core.files.storage import default_storage

from generation.contracts import EngineEvent, Progressed, Raster, Rendered, RenderFailed, RenderRequest
from generation.engine.images import decode, encode_png, parameters_text
from generation.engine.threads import keep_threads_from_spinning
from generation.errors import CheckpointInvalidError, JobNotFinishedError, ReplayFailedError
from generation.jobs.adapters import adapter_files, control_file
from generation.jobs.records import claim_of
from generation.jobs.sources import local_folder
from generation.models import Image, Job, JobState

if TYPE_CHECKING:
    from generation.engine.loop import Engine

STOP_S = 60.0


@dataclass(frozen=True, slots=True)
class Replayed:
    """One picture of a job, painted again.

    share: 0 to 1, of its pixels, those that differ from the picture that was kept; 1 where that has another size.
    levels: 0 to 255, by how much at most.
    """

    image: Image
    picture: Raster
    share: float
    levels: int


def replay(job: Job, *, tell: Callable[[int, int], None] = lambda _step, _steps: None) -> list[Replayed]:
    """Paints a job's pictures once more; nothing that is kept changes.

    tell: hears step and steps as they are made.

    Raises:
        JobNotFinishedError: it has no pictures.
        CheckpointInvalidError: its model is not on this machine, or cannot be loaded.
        PictureGoneError: a picture that it started from is gone.
        ReplayFailedError: the engine refused or failed it.
    """
    if job.state != JobState.SUCCEEDED:
        msg = "This job has no pictures."
        raise JobNotFinishedError(msg, state=job.state)
    with _engine(job) as engine:
        plan = job.plan
        pictures = dict(zip(plan.seeds, _painted(engine, _request(job), tell), strict=True))
    return [_compared(image, pictures[image.seed]) for image in job.images.order_by("index")]


def write_picture(one: Replayed, folder: Path) -> Path:
    """Writes a picture as PNG, named by its place in the grid."""
    plan = one.image.job.plan
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{one.image.index}.png"
    file.write_bytes(encode_png(one.picture, parameters=parameters_text(plan, plan.seeds.index(one.image.seed))))
    return file


@contextmanager
def _engine(job: Job) -> Iterator[Engine]:
    """An engine with the job's model, as a worker has it."""
    folder = local_folder(job.checkpoint.source)
    if folder is None:
        msg = f"The model {job.checkpoint.name} is not on this machine."
        raise CheckpointInvalidError(msg)
    keep_threads_from_spinning()
    from generation.engine.hardware import best_device  # noqa: PLC0415 - torch
    from generation.engine.loading import load_family  # noqa: PLC0415 - torch
    from generation.engine.loop import Engine  # noqa: PLC0415 - torch
    from generation.engine.upscaling import load_upscaler  # noqa: PLC0415 - torch

    engine = Engine(
        lambda _name: load_family(folder),
        max_rows=settings.MJWEB_MAX_ROWS,
        is_exact=settings.MJWEB_EXACT,
        upscaler=load_upscaler(settings.MJWEB_UPSCALER, best_device()),
    )
    engine.start()
    try:
        yield engine
    finally:
        engine.stop(timeout_s=STOP_S)


def _request(job: Job) -> RenderRequest:
    """What the worker asked for."""
    from generation.workers.storing import load_mask, load_sources  # noqa: PLC0415 - torch

    claim = claim_of(job)
    return RenderRequest(
        request_id=str(job.pk),
        plan=job.plan,
        sources=load_sources(claim),
        mask=load_mask(claim),
        adapters=adapter_files(job.plan),
        control=control_file(job.plan),
    )


def _painted(engine: Engine, request: RenderRequest, tell: Callable[[int, int], None]) -> tuple[Raster, ...]:
    """All pictures of a request, in the order of its seeds."""
    inbox: queue.SimpleQueue[EngineEvent] = queue.SimpleQueue()
    engine.submit(request, inbox.put)
    while not isinstance(event := inbox.get(), Rendered):
        if isinstance(event, RenderFailed):
            raise ReplayFailedError(event.sentence)
        if isinstance(event, Progressed):
            tell(event.step, event.steps)
    return event.pictures


def _compared(image: Image, picture: Raster) -> Replayed:
    with default_storage.open(image.original_name) as file:
        kept = decode(file.read())
    if (kept.width_px, kept.height_px) != (picture.width_px, picture.height_px):
        return Replayed(image, picture, share=1.0, levels=255)
    one, other = (np.frombuffer(raster.rgb, dtype=np.uint8).astype(np.int16) for raster in (kept, picture))
    difference = abs(one - other).reshape(-1, 3).max(axis=1)
    return Replayed(image, picture, share=float((difference > 0).mean()), levels=int(difference.max()))
