"""What people do with finished pictures and jobs: upscale, vary, zoom out, pan, make square, reroll, rerun."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from generation.contracts import RenderPlan
from generation.jobs import action_plans, planning
from generation.jobs.access import own_job
from generation.jobs.action_plans import Action, UpscaleVariant, plan_action
from generation.jobs.discretion import speaking_image
from generation.jobs.enqueueing import NewJob, enqueue, upscale_of
from generation.jobs.picture_plans import Direction
from generation.jobs.planning import VaryStrength
from generation.jobs.records import sources_of
from generation.jobs.rewording import Wording, other_words, same_words
from generation.models import Adapter, Image, Job, JobKind, JobSource, SourceRole
from mjweb.accounts.models import User


def upscale_image(
    owner: User, image_id: UUID, *, variant: UpscaleVariant = "2x", idempotency_key: str | None = None
) -> Job:
    """U1-U4: this picture larger. Asking for the same upscale again returns the job that did it.

    variant: `2x` and `4x` add as much detail as the model is known to do well, `subtle` less and `creative` more.

    Raises:
        ImageNotFoundError, WordsKeptError, CheckpointRemovedError, QueueFullError, IdempotencyMismatchError.
        ActionNotPossibleError: it would be larger than the model makes them.
    """
    image = speaking_image(owner, image_id)
    if (done := upscale_of(owner, image, variant)) is not None:
        return done
    request = {"upscale": str(image_id), **({"variant": variant} if variant != "2x" else {})}
    return _act(owner, image, action_plans.upscaling(variant), same_words(image), request, idempotency_key)


def vary_image(
    owner: User,
    image_id: UUID,
    *,
    strength: VaryStrength = "strong",
    prompt: str | None = None,
    idempotency_key: str | None = None,
) -> Job:
    """V1-V4: four new pictures that start from this one; with a changed prompt it is a remix of it.

    Raises:
        PromptErrors, UnknownModelError: of a changed prompt.
        ImageNotFoundError, WordsKeptError, CheckpointRemovedError, QueueFullError, IdempotencyMismatchError.
    """
    image = speaking_image(owner, image_id)
    wording = _wording(owner, image, prompt)
    action = action_plans.varying(strength)
    if wording.prompt != image.job.prompt:
        action = replace(action, kind=JobKind.REMIX)
    request = {"vary": str(image_id), "strength": strength, **_said(prompt)}
    return _act(owner, image, action, wording, request, idempotency_key)


def zoom_image(
    owner: User, image_id: UUID, *, factor: float = 2.0, prompt: str | None = None, idempotency_key: str | None = None
) -> Job:
    """Zoom out: four times this picture from further away, at the model's native size.

    factor: 1 to 2; at 1 a changed prompt must ask for another shape.

    Raises:
        PromptErrors, UnknownModelError: of a changed prompt.
        ActionNotPossibleError: the factor is out of range, nothing would change, or the model paints no surroundings.
        ImageNotFoundError, WordsKeptError, CheckpointRemovedError, QueueFullError, IdempotencyMismatchError.
    """
    image = speaking_image(owner, image_id)
    wording = _wording(owner, image, prompt)
    action = action_plans.zooming(factor, wording.ratio)
    request = {"zoom": str(image_id), "factor": factor, **_said(prompt)}
    return _act(owner, image, action, wording, request, idempotency_key)


def pan_image(
    owner: User, image_id: UUID, *, direction: Direction, prompt: str | None = None, idempotency_key: str | None = None
) -> Job:
    """Pan: four times this picture and what lies beside it. One that was panned goes on along the same axis alone.

    Raises:
        PromptErrors, UnknownModelError: of a changed prompt.
        ActionNotPossibleError: it was panned along the other axis, or is as long as the model makes them.
        ImageNotFoundError, WordsKeptError, CheckpointRemovedError, QueueFullError, IdempotencyMismatchError.
    """
    image = speaking_image(owner, image_id)
    request = {"pan": str(image_id), "direction": direction, **_said(prompt)}
    wording = _wording(owner, image, prompt)
    return _act(owner, image, action_plans.panning(direction), wording, request, idempotency_key)


def square_image(owner: User, image_id: UUID, *, idempotency_key: str | None = None) -> Job:
    """Make square: four times this picture with what it lacks above and below, or at its sides.

    Raises:
        ActionNotPossibleError: it is square, or the model paints no surroundings.
        ImageNotFoundError, WordsKeptError, CheckpointRemovedError, QueueFullError, IdempotencyMismatchError.
    """
    image = speaking_image(owner, image_id)
    request = {"square": str(image_id)}
    return _act(owner, image, action_plans.SQUARING, same_words(image), request, idempotency_key)


def reroll_job(owner: User, job_id: UUID, *, idempotency_key: str | None = None) -> Job:
    """Reroll: the same plan with new seeds.

    Raises:
        JobNotFoundError, CheckpointRemovedError, QueueFullError, IdempotencyMismatchError.
    """
    parent = own_job(owner, job_id)
    plan = planning.plan_reroll(parent.plan)
    return _again(parent, JobKind.REROLL, plan, {"reroll": str(job_id)}, idempotency_key)


def rerun_job(owner: User, job_id: UUID, *, idempotency_key: str | None = None) -> Job:
    """Rerun: the same plan with the same seeds, which paints the same pictures again.

    Raises:
        JobNotFoundError, CheckpointRemovedError, QueueFullError, IdempotencyMismatchError.
    """
    parent = own_job(owner, job_id)
    return _again(parent, JobKind.RERUN, parent.plan, {"rerun": str(job_id)}, idempotency_key)


def _again(
    parent: Job, kind: JobKind, plan: RenderPlan, request: Mapping[str, Any], idempotency_key: str | None
) -> Job:
    """A whole job once more, with its own pictures."""
    job = Job(
        owner=parent.owner,
        kind=kind,
        prompt=parent.prompt,
        checkpoint=parent.checkpoint,
        source=parent.source,
        parent=parent,
        visibility=parent.visibility,
        lane=parent.lane,
        notes=parent.notes,
    )
    job.plan = plan
    same = tuple(
        JobSource(position=one.position, role=one.role, image=one.image, upload=one.upload)
        for one in sources_of(parent)
    )
    return enqueue([NewJob(job, same)], request=request, idempotency_key=idempotency_key)[0]


def _act(
    owner: User,
    image: Image,
    action: Action,
    wording: Wording,
    request: Mapping[str, Any],
    idempotency_key: str | None,
) -> Job:
    """A job that starts from one picture: same visibility, and the link between them."""
    plan = plan_action(action, image, wording.plan, wording.card)
    job = Job(
        owner=owner,
        kind=action.kind,
        variant=action.variant,
        prompt=wording.prompt,
        checkpoint=wording.checkpoint,
        source=image,
        parent=image.job,
        visibility=image.job.visibility,
        notes=[note.to_json() for note in wording.notes],
    )
    job.plan = _without_image_prompts(plan)
    start = JobSource(position=0, role=SourceRole.START, image=image)
    return enqueue([NewJob(job, (start,))], request=request, idempotency_key=idempotency_key)[0]


def _wording(owner: User, image: Image, prompt: str | None) -> Wording:
    return same_words(image) if prompt is None else other_words(owner, image, prompt)


def _said(prompt: str | None) -> dict[str, str]:
    return {} if prompt is None else {"prompt": prompt}


def _without_image_prompts(plan: RenderPlan) -> RenderPlan:
    """The plan without the adapter that showed its grid pictures: without pictures to show, the engine refuses it."""
    if not plan.adapters or any(use.prompt for use in plan.sources):
        return plan
    named = Adapter.objects.filter(name__in=[use.name for use in plan.adapters], kind="image_prompt")
    shows = set(named.values_list("name", flat=True))
    return replace(plan, adapters=tuple(use for use in plan.adapters if use.name not in shows))
