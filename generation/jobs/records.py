"""The only writer of what workers do. Every write is fenced: it names worker and attempt and needs the lease.

Leases use the database's clock alone, so workers with wrong clocks cannot hurt each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import DateTimeField, F, Func, Q, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.functions import Now
from django.db.models.lookups import LessThan
from django.utils import timezone

from generation.contracts import RenderPlan
from generation.errors import WORKER_LOST
from generation.events.publish import publish
from generation.jobs import queue
from generation.jobs.notes import Note
from generation.jobs.selectors import running_snapshot, snapshot
from generation.jobs.states import LEASED
from generation.models import Embedding, Image, Job, JobSource, JobState
from generation.signals import images_finalized
from mjweb.common.saying import say


@dataclass(frozen=True, slots=True)
class Claim:
    """A worker's right to work on one attempt of a job.

    source_names: where the files of its pictures lie, one for each of `plan.source_uses` and one more for the mask of a
        plan that needs one; empty for one that is gone.
    """

    job_id: UUID
    attempt: int
    worker: str
    owner_id: int
    plan: RenderPlan
    prompt: str
    source_names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SeenPicture:
    """What CLIP sees in a picture.

    encoder: the encoder's name. direction: of length 1. prompt_score: how well it shows its prompt, -1 to 1.
    """

    encoder: str
    direction: tuple[float, ...]
    prompt_score: float


@dataclass(frozen=True, slots=True)
class StoredPicture:
    """A picture whose files are written: what its rows need to know.

    glimpse: as `glimpses` makes it; one that is empty is made later.
    level, is_withheld, found: what the check of finished pictures says; `found` are the names of labels.
    """

    seed: int
    width_px: int
    height_px: int
    sha256: str
    size_bytes: int
    seen: SeenPicture
    glimpse: str = ""
    level: int = 0
    is_withheld: bool = False
    found: tuple[str, ...] = ()


# Order: fast lane first (a relaxed job joins it after ten minutes), then who runs least at this moment, then
# who used the engine least within the hour, then age. One person's hundred jobs never hold up another's one.
_CLAIM = """
WITH recent AS (
    SELECT owner_id,
           count(*) FILTER (WHERE state IN ('running', 'finishing')) AS running,
           coalesce(sum(engine_ms) FILTER (WHERE finished_at > now() - interval '1 hour'), 0) AS engine_ms
      FROM generation_job
     WHERE state IN ('running', 'finishing') OR finished_at > now() - interval '1 hour'
     GROUP BY owner_id
), next AS (
    SELECT job.id
      FROM generation_job AS job LEFT JOIN recent ON recent.owner_id = job.owner_id
     WHERE job.state = 'queued'
       AND job.checkpoint_id IN (SELECT id FROM generation_checkpoint WHERE name = ANY(%(names)s))
       AND (coalesce(recent.running, 0) = 0 OR NOT %(newcomers_only)s)
     ORDER BY (job.lane = 'relaxed' AND job.created_at > now() - interval '10 minutes'),
              coalesce(recent.running, 0), coalesce(recent.engine_ms, 0), job.created_at, job.id
     LIMIT 1
       FOR UPDATE OF job SKIP LOCKED
)
UPDATE generation_job AS job
   SET state = 'running', worker = %(worker)s, attempt = attempt + 1, step = 0, started_at = now(),
       lease_until = now() + %(lease)s * interval '1 second'
  FROM next
 WHERE job.id = next.id
   AND (%(loaded)s::text[] IS NULL
        OR job.checkpoint_id IN (SELECT id FROM generation_checkpoint WHERE name = ANY(%(loaded)s)))
RETURNING job.id
"""


def claim_job(
    worker: str, *, checkpoints: Sequence[str], newcomers_only: bool = False, loaded: Sequence[str] | None = None
) -> Claim | None:
    """The fairest waiting job that this worker can render, leased to it; None when nothing waits.

    Any number of workers may ask at once: `SKIP LOCKED` gives each another job.

    newcomers_only: only jobs of people of whom nothing runs: what a worker asks for that has enough to do.
    loaded: the fairest job only if its checkpoint is one of these, else none: what a worker says that cannot load one
        more. The jobs behind it are not taken instead, so that it comes to its turn as soon as there is a place.
    """
    values: dict[str, Any] = {
        "names": list(checkpoints),
        "worker": worker,
        "lease": settings.MJWEB_LEASE_S,
        "newcomers_only": newcomers_only,
        "loaded": None if loaded is None else list(loaded),
    }
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, values)
        row = cursor.fetchone()
    if row is None:
        return None
    return claim_of(Job.objects.get(pk=row[0]))


def claim_of(job: Job) -> Claim:
    """What the worker of a job's present or last attempt knows of it."""
    return Claim(
        job_id=job.pk,
        attempt=job.attempt,
        worker=job.worker,
        owner_id=job.owner_id,
        plan=job.plan,
        prompt=job.prompt,
        source_names=tuple(source.original_name for source in sources_of(job)),
    )


def sources_of(job: Job) -> QuerySet[JobSource]:
    """The pictures that a job needs, in order."""
    return job.sources.order_by("position").select_related("image", "upload")


def record_progress(claim: Claim, *, step: int, steps: int, preview: str | None = None) -> bool:
    """Notes a step, renews the lease and shows it. False when the job is no longer this worker's: stop working."""
    held = _held(claim).update(step=step, steps=steps, lease_until=_new_lease()) == 1
    if held:
        shot = running_snapshot(claim.job_id, attempt=claim.attempt, step=step, steps=steps, preview=preview)
        publish(shot, owner_id=claim.owner_id)
    return held


def renew_lease(claim: Claim) -> bool:
    """Says that the worker is alive. False when the job is no longer its own."""
    return _held(claim).update(lease_until=_new_lease()) == 1


def start_finishing(claim: Claim) -> bool:
    """The pictures are made; encoding and writing begin. False when the job is no longer this worker's."""
    held = _held(claim).update(state=JobState.FINISHING, step=F("steps"), lease_until=_new_lease()) == 1
    if held:
        _announce(claim)
    return held


@transaction.atomic
def finish_job(
    claim: Claim,
    pictures: Sequence[StoredPicture],
    *,
    engine_ms: int,
    made_with: Mapping[str, str] | None = None,
) -> bool:
    """Writes the pictures' rows and ends the job, together or not at all. False: another attempt owns it now.

    made_with: device, precision and libraries, each in words.

    Effects: after commit the owner's pages are told, and every picture is signalled to the rooms above.
    """
    ended = _held(claim).update(
        state=JobState.SUCCEEDED,
        finished_at=Now(),
        lease_until=None,
        engine_ms=engine_ms,
        made_with=dict(made_with or {}),
    )
    if not ended:
        return False
    job = Job.objects.get(pk=claim.job_id)
    _note_found(job, pictures)
    images = Image.objects.bulk_create(
        Image(
            job=job,
            owner_id=job.owner_id,
            index=index,
            visibility=job.visibility,
            level=max(job.level, picture.level),
            withheld_at=timezone.now() if picture.is_withheld else None,
            seed=picture.seed,
            width_px=picture.width_px,
            height_px=picture.height_px,
            sha256=picture.sha256,
            size_bytes=picture.size_bytes,
            glimpse=picture.glimpse,
        )
        for index, picture in reversed(list(enumerate(pictures, start=1)))  # so that feeds, newest first, begin with 1
    )
    by_file = {picture.sha256: picture.seen for picture in pictures}
    Embedding.objects.bulk_create(_embedding(image, by_file[image.sha256]) for image in images)
    transaction.on_commit(partial(_announce_job, job))
    transaction.on_commit(partial(_signal, images))
    return True


def fail_job(claim: Claim, *, code: str, sentence: str) -> bool:
    """Ends the job with what went wrong. False when it is no longer this worker's."""
    failed = _held(claim).update(
        state=JobState.FAILED, finished_at=Now(), lease_until=None, error_code=code, error_sentence=sentence
    )
    if failed:
        _announce(claim)
    return failed == 1


def release_job(claim: Claim) -> bool:
    """Gives the job back to the queue without counting the attempt: the worker is stopping."""
    released = _held(claim).update(state=JobState.QUEUED, attempt=F("attempt") - 1, lease_until=None, worker="", step=0)
    if released:
        _announce(claim)
    return released == 1


@transaction.atomic
def recover_expired() -> int:
    """Puts jobs whose worker went silent back into the queue, or fails them after too many attempts.

    Any number of sweeps may run at once. Returns how many jobs moved.
    """
    expired = list(Job.objects.select_for_update(skip_locked=True).filter(_lease_is_over(), state__in=LEASED))
    for job in expired:
        _recover(job)
        transaction.on_commit(partial(_announce_job, job))
    return len(expired)


def wake_for_waiting() -> None:
    """Wakes the engines while jobs wait: the message of a job may have been lost with Redis."""
    if Job.objects.waiting().exists():
        queue.wake_engines()


def _note_found(job: Job, pictures: Sequence[StoredPicture]) -> None:
    """Tells the owner, and whoever moderates, what the check of finished pictures found."""
    if names := dict.fromkeys(name for picture in pictures for name in picture.found):
        sentence = say("The check of finished pictures found: {names}.", names=", ".join(names))
        job.notes = [*job.notes, Note("found_in_pictures", sentence).to_json()]
        job.save(update_fields=["notes"])


def _embedding(image: Image, seen: SeenPicture) -> Embedding:
    return Embedding(image=image, encoder=seen.encoder, direction=list(seen.direction), prompt_score=seen.prompt_score)


def _recover(job: Job) -> None:
    job.lease_until, job.worker, job.step = None, "", 0
    if job.attempt < settings.MJWEB_MAX_ATTEMPTS:
        job.state = JobState.QUEUED
    else:
        job.state, job.finished_at = JobState.FAILED, timezone.now()
        job.error_code, job.error_sentence = "worker_lost", WORKER_LOST.format(count=job.attempt)
    job.save(update_fields=["state", "lease_until", "worker", "step", "finished_at", "error_code", "error_sentence"])


def _held(claim: Claim) -> QuerySet[Job]:
    """The job, as long as this claim still holds it."""
    return Job.objects.filter(pk=claim.job_id, attempt=claim.attempt, worker=claim.worker, state__in=LEASED)


def _lease_is_over() -> Q:
    """Leases that ended while the database was away count anew from its start: nobody could have renewed them."""
    serving_since = Func(function="pg_postmaster_start_time", output_field=DateTimeField())
    had_time = LessThan(serving_since, Now() - timedelta(seconds=settings.MJWEB_LEASE_S))
    return Q(lease_until__lt=Now()) & (Q(lease_until__gt=serving_since) | Q(had_time))


def _new_lease() -> Combinable:
    return Now() + timedelta(seconds=settings.MJWEB_LEASE_S)


def _announce(claim: Claim) -> None:
    publish(snapshot(Job.objects.get(pk=claim.job_id)), owner_id=claim.owner_id)


def _announce_job(job: Job) -> None:
    publish(snapshot(job), owner_id=job.owner_id)


def _signal(images: Sequence[Image]) -> None:
    images_finalized.send_robust(sender=Job, images=images)
