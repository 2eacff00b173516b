"""Jobs of what somebody typed: imagine, remix, blend."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from generation.errors import ActionNotPossibleError
from generation.jobs import imagining
from generation.jobs.access import visible_image
from generation.jobs.choosing import models_for
from generation.jobs.enqueueing import NewJob, enqueue, request_hash, same_request
from generation.jobs.imagining import Resolved
from generation.jobs.option_sets import Wishes, wishes_of
from generation.jobs.picture_plans import MOST_BLENDED
from generation.jobs.pictures import Picture, find_pictures
from generation.models import Image, Job, JobKind, Visibility
from mjweb.accounts.models import User
from mjweb.common.saying import say


def submit_prompt(owner: User, text: str, **options: Any) -> Job:
    """Imagine, for whoever expects one job: of a prompt that makes several it is the first. As `submit_prompts`."""
    return submit_prompts(owner, text, **options)[0]


def submit_prompts(
    owner: User,
    text: str,
    *,
    remix_of: UUID | None = None,
    visibility: str | None = None,
    model: str | None = None,
    idempotency_key: str | None = None,
) -> list[Job]:
    """Imagine: four pictures of a prompt, or of each that its permutations and `--repeat` make; all of them or none.

    Sending the same `idempotency_key` again returns the same jobs.

    visibility: who will see the pictures, where the prompt does not say it itself.
    model: the name of the model that makes them, where the prompt does not say it itself; else it is the one that this
        person chose last.

    Effects: pictures that the prompt names by an address elsewhere are fetched and kept as uploads of this person.

    Raises:
        PromptErrors: everything that is wrong with the prompt, each with its column; too many jobs is one of them.
        CheckpointNotReadyError, UnknownModelError, CheckpointRemovedError, QueueFullError, IdempotencyMismatchError.
        ImageNotFoundError: `remix_of`, or a picture that the prompt names, is not visible to this person.
        UploadNotFoundError, PictureRefusedError, TooManyUploadsError: of a picture that the prompt names.
    """
    request = {"prompt": text, "remix_of": str(remix_of or ""), "visibility": visibility}
    request |= {"model": model} if model else {}
    if earlier := same_request(owner, idempotency_key, request_hash(request)):
        return earlier
    remixed = visible_image(owner, remix_of) if remix_of else None
    kind = JobKind.REMIX if remixed else JobKind.IMAGINE
    new = [
        _new_job(owner, one, pictures, kind=kind, source=remixed, visibility=visibility)
        for one, pictures in _resolved(owner, text, wishes_of(owner), model)
    ]
    return enqueue(new, request=request, idempotency_key=idempotency_key, prompt=text.strip())


def blend_images(
    owner: User, image_ids: Sequence[UUID], *, shape: str | None = None, idempotency_key: str | None = None
) -> Job:
    """Blend: two to five pictures in four new ones, by no words at all.

    shape: width to height as `--ar` takes it; None leaves it to the person's defaults.

    The words that a person has added to each prompt of theirs are left out here.

    Raises:
        ActionNotPossibleError: these are too few or too many different pictures, or the model blends none.
        ImageNotFoundError, PromptErrors, CheckpointNotReadyError, CheckpointRemovedError, QueueFullError,
        IdempotencyMismatchError.
    """
    blended = list(dict.fromkeys(image_ids))
    if not 2 <= len(blended) <= MOST_BLENDED:  # noqa: PLR2004 - of one there is nothing to blend
        raise ActionNotPossibleError(say("A blend takes 2 to {most} different pictures.", most=MOST_BLENDED))
    first = visible_image(owner, blended[0])
    text = " ".join((*(f"image:{one}" for one in blended), *((f"--ar {shape}",) if shape else ())))
    request = {"blend": [str(one) for one in blended], "shape": shape}
    if earlier := same_request(owner, idempotency_key, request_hash(request)):
        return earlier[0]
    ((one, pictures),) = _resolved(owner, text, Wishes(defaults=wishes_of(owner).defaults), None)
    new = _new_job(owner, one, pictures, kind=JobKind.BLEND, source=first)
    return enqueue([new], request=request, idempotency_key=idempotency_key)[0]


def _resolved(owner: User, text: str, wishes: Wishes, model: str | None) -> list[tuple[Resolved, dict[str, Picture]]]:
    """Every job of a prompt in numbers, in order, with the pictures that it names."""
    models = models_for(owner)
    expansion = imagining.open_out(text, wishes, models)
    read = imagining.read_children(text, expansion, models, wishes, model=model)
    pictures = find_pictures(owner, (reference for child in read.values() for reference in child.references))
    painted: Counter[str] = Counter()
    resolved = []
    for prompt in expansion.prompts:
        resolved.append((imagining.resolve(read[prompt], pictures, repeated=painted[prompt]), pictures))
        painted[prompt] += 1
    return resolved


def _new_job(
    owner: User,
    one: Resolved,
    pictures: Mapping[str, Picture],
    *,
    kind: JobKind,
    source: Image | None,
    visibility: str | None = None,
) -> NewJob:
    """A job of one child of a prompt, and the rows of its pictures."""
    job = Job(
        owner=owner,
        kind=kind,
        prompt=one.child.prompt.strip(),
        checkpoint=one.child.checkpoint,
        source=source,
        visibility=one.child.spec.visibility or visibility or Visibility.PUBLIC,
        lane=one.meaning.lane,
        notes=[note.to_json() for note in one.notes],
    )
    job.plan = one.meaning.plan
    named = enumerate(one.meaning.pictures)
    return NewJob(job, tuple(pictures[name.reference].as_source(at, name.role) for at, name in named))
