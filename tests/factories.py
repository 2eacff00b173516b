"""Rows that tests start from, made by the same services that people use."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image as Pillow

from generation.jobs import records, services
from generation.models import Image, Job, JobState
from mjweb.accounts.models import User

WORKER = "worker-under-test"


def queued_job(owner: User, prompt: str = "a red lighthouse by the sea", **options: Any) -> Job:
    """A job in the queue."""
    return services.submit_prompt(owner, prompt, **options)


def claimed(job: Job) -> records.Claim:
    """The claim of a worker on this job, which must be the next in line."""
    claim = records.claim_job(WORKER, checkpoints=[job.checkpoint.name])
    assert claim is not None
    assert claim.job_id == job.pk
    return claim


def finished_job(owner: User, prompt: str = "a red lighthouse by the sea", **options: Any) -> Job:
    """A job with its four pictures, files included."""
    return finish(queued_job(owner, prompt, **options))


def finish(job: Job) -> Job:
    """Ends a queued job as a worker would, with small colorful pictures."""
    claim = claimed(job)
    pictures = [store_picture(claim, seed) for seed in claim.plan.seeds]
    assert records.start_finishing(claim)
    assert records.finish_job(claim, pictures, engine_ms=1000)
    job.refresh_from_db()
    assert job.state == JobState.SUCCEEDED
    return job


def store_picture(claim: records.Claim, seed: int) -> records.StoredPicture:
    """Writes a picture and its renditions into the media storage."""
    size = (claim.plan.width_px, claim.plan.height_px)
    pixels = np.random.default_rng(seed).integers(0, 256, (4, 4, 3), dtype=np.uint8)
    picture = Pillow.fromarray(pixels).resize(size)
    image = Image(sha256=f"{seed:064x}")
    for name, encoding in [(image.original_name, "PNG"), *((image.rendition_name(px), "WEBP") for px in (320, 640))]:
        buffer = io.BytesIO()
        picture.save(buffer, encoding)
        default_storage.save(name, ContentFile(buffer.getvalue()))
    return records.StoredPicture(
        seed=seed,
        width_px=size[0],
        height_px=size[1],
        sha256=image.sha256,
        size_bytes=buffer.tell(),
        seen=records.SeenPicture(encoder="eyes-under-test", direction=(0.6, 0.8), prompt_score=0.5),
    )
