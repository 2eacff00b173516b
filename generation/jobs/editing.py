"""Edit: a part of a picture painted anew, a larger canvas around it, or both, by a prompt of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final
from uuid import UUID

from generation.contracts import Placement, RenderPlan
from generation.errors import ActionNotPossibleError
from generation.jobs import edit_plans, imagining, limits
from generation.jobs.choosing import Models, models_for
from generation.jobs.discretion import speaking_image
from generation.jobs.edit_masks import keep_mask
from generation.jobs.edit_plans import Canvas
from generation.jobs.enqueueing import NewJob, enqueue, request_hash, same_request
from generation.jobs.imagining import Child, Resolved
from generation.jobs.notes import Note
from generation.jobs.option_sets import Wishes, wishes_of
from generation.jobs.pictures import Picture, find_pictures
from generation.models import Checkpoint, Image, Job, JobKind, JobSource, SourceRole, Upload, Visibility
from generation.prompts.defaults import with_defaults
from generation.prompts.lexer import lex
from generation.prompts.parameters import BY_NAME
from generation.prompts.parser import parse
from generation.prompts.problems import PromptErrors, PromptProblem
from generation.prompts.spec import PromptSpec
from mjweb.accounts.models import User
from mjweb.common.saying import say, sayable

MOST_NAMED: Final = 9
"""Pictures that a prompt may name beside the one that is edited: the engine takes ten."""
SET_BY_CANVAS: Final = ("ar", "hd", "hires", "zoom", "strength")
SET_BY_PAGE: Final = sayable("Left out: {names}. The canvas says size and shape, and the strength stands beside it.")
NO_TILE: Final = sayable("Left out: --tile. What is painted around a picture has edges of its own.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What becomes of a picture.

    prompt: as typed, parameters included; what it says of size and shape is left to the canvas.
    mask: a picture of the edited one's size, or the id of an own upload that is one: white is painted, black is kept.
    canvas: None keeps the picture's own.
    feather_px: how far what is painted runs out over what is kept. strength: 0.05 to 1, how much is given up of what
        was there. None is what is usual.
    """

    prompt: str
    mask: bytes | UUID | None = None
    canvas: Canvas | None = None
    feather_px: int | None = None
    strength: float | None = None


def edit_image(owner: User, image_id: UUID, edit: Edit, *, idempotency_key: str | None = None) -> Job:
    """Edit: four new pictures that keep this one where nothing is painted. Private where it is private.

    Effects: the mask is kept as an upload; pictures that the prompt names by an address elsewhere are fetched.

    Raises:
        ImageNotFoundError: there is no such picture for this person. WordsKeptError: its owner keeps its words.
        PromptErrors: everything that is wrong with the prompt, each with its column.
        ActionNotPossibleError: nothing would be painted, or not in this size, or not by this model.
        InvalidInputError: a number is out of range, or the picture does not lie on the canvas.
        PictureRefusedError, UploadNotFoundError, PictureGoneError, TooManyUploadsError: of the mask, or of a picture
            that the prompt names.
        CheckpointNotReadyError, UnknownModelError, QueueFullError, FastTimeSpentError, IdempotencyMismatchError.
    """
    request = _request(image_id, edit)
    if earlier := same_request(owner, idempotency_key, request_hash(request)):
        return earlier[0]
    image = speaking_image(owner, image_id)
    one, pictures, is_typed = _read(owner, edit.prompt, image)
    plan = _plan(edit, image, one)
    mask = None if edit.mask is None else keep_mask(owner, image, edit.mask)
    job = _job(owner, image, one, plan)
    job.visibility = _visibility(image, one.child.spec, is_typed=is_typed)
    new = NewJob(job, _sources(image, one, pictures, mask))
    return enqueue([new], request=request, idempotency_key=idempotency_key)[0]


def painter_of(owner: User, image: Image) -> Checkpoint:
    """The model that an edit of this picture is painted with, where its prompt names no other.

    Raises:
        CheckpointNotReadyError: there is no model yet.
    """
    models = models_for(owner)
    return models.pick(PromptSpec(parts=()), _own_model(image, models))


def _request(image_id: UUID, edit: Edit) -> dict[str, Any]:
    """What was asked, for telling it from another request under the same key."""
    mask = hashlib.sha256(edit.mask).hexdigest() if isinstance(edit.mask, bytes) else str(edit.mask or "")
    canvas = asdict(edit.canvas) if edit.canvas else None
    return {"edit": str(image_id), **asdict(replace(edit, mask=None, canvas=None)), "mask": mask, "canvas": canvas}


def _read(owner: User, text: str, image: Image) -> tuple[Resolved, Mapping[str, Picture], bool]:
    """The prompt in numbers, the pictures that it names, and whether it says itself who may see the result."""
    wishes, models = wishes_of(owner), models_for(owner)
    child, unused = _child(text, image, wishes, models)
    if len(child.references) > MOST_NAMED:
        problem = PromptProblem(
            "too_many_images", say("An edit names at most {most} pictures.", most=MOST_NAMED), 0, len(text)
        )
        raise PromptErrors([problem])
    pictures = find_pictures(owner, child.references)
    one = imagining.resolve(child, pictures)
    typed = {"public", "unlisted", "stealth"} & _named(child.prompt)
    return replace(one, notes=(*one.notes, *unused)), pictures, bool(typed)


def _child(text: str, image: Image, wishes: Wishes, models: Models) -> tuple[Child, tuple[Note, ...]]:
    """The one prompt that the text stands for, without what the canvas says; and what there is to say of that."""
    expansion = imagining.open_out(text, wishes, models)
    if expansion.count > 1:
        sentence = say("An edit takes one prompt, and this stands for {count}.", count=expansion.count)
        raise PromptErrors([PromptProblem("several_prompts", sentence, 0, len(text))])
    prompt = expansion.prompts[0]
    spec = parse(with_defaults(prompt, wishes.defaults), models=models.names or None)
    spec = replace(spec, hd=False, hires=None, zoom=None, strength=None)
    checkpoint = models.pick(spec, _own_model(image, models))
    card = checkpoint.card
    if card.sampler == "own":
        raise ActionNotPossibleError(
            say("{model} is painted by its own pipeline, which keeps no part of a picture.", model=card.title)
        )
    if refused := limits.refusals(spec, card):
        raise imagining.located(text, refused)
    return Child(text, prompt, spec, checkpoint, card), tuple(_unused(prompt))


def _unused(prompt: str) -> Iterator[Note]:
    if names := [f"--{name}" for name in SET_BY_CANVAS if name in _named(prompt)]:
        yield Note("set_by_canvas", say(SET_BY_PAGE, names=say(" and ").join(names)))


def _named(prompt: str) -> set[str]:
    """The parameters that a prompt says itself, whatever alias was typed."""
    return {BY_NAME[one.name].name for one in lex(prompt).segments if one.name in BY_NAME}


def _own_model(image: Image, models: Models) -> str | None:
    """The name of the picture's own model, while it is there."""
    name = image.job.checkpoint.name
    return name if name in models.names else None


def _plan(edit: Edit, image: Image, one: Resolved) -> RenderPlan:
    canvas = edit.canvas or _own_canvas(image)
    edit_plans.refuse_canvas(canvas, image, one.child.card)
    return edit_plans.plan_edit(
        one.meaning.plan,
        canvas,
        is_masked=edit.mask is not None,
        is_placed=canvas != _own_canvas(image),
        feather_px=edit.feather_px,
        strength=edit.strength,
    )


def _own_canvas(image: Image) -> Canvas:
    place = Placement(left_px=0, top_px=0, width_px=image.width_px, height_px=image.height_px)
    return Canvas(width_px=image.width_px, height_px=image.height_px, picture=place)


def _job(owner: User, image: Image, one: Resolved, plan: RenderPlan) -> Job:
    no_tile = (Note("no_tile", say(NO_TILE)),) if one.meaning.plan.seamless and not plan.seamless else ()
    job = Job(
        owner=owner,
        kind=JobKind.EDIT if plan.repaint and plan.repaint.placement else JobKind.REGION,
        prompt=one.child.prompt.strip(),
        checkpoint=one.child.checkpoint,
        source=image,
        parent=image.job,
        lane=one.meaning.lane,
        notes=[note.to_json() for note in (*one.notes, *no_tile)],
    )
    job.plan = plan
    return job


def _visibility(image: Image, spec: PromptSpec, *, is_typed: bool) -> str:
    """As the prompt says; else as the picture, unless the person keeps everything to themselves."""
    if is_typed and spec.visibility:
        return spec.visibility
    said = {spec.visibility, image.visibility}
    return next((one for one in (Visibility.PRIVATE, Visibility.UNLISTED) if one in said), Visibility.PUBLIC)


def _sources(
    image: Image, one: Resolved, pictures: Mapping[str, Picture], mask: Upload | None
) -> tuple[JobSource, ...]:
    """The edited picture, those that the prompt names, and the mask."""
    named = one.meaning.pictures
    rows = [JobSource(position=0, role=SourceRole.START, image=image)]
    rows += [pictures[name.reference].as_source(at, name.role) for at, name in enumerate(named, 1)]
    if mask is not None:
        rows.append(JobSource(position=len(rows), role=SourceRole.MASK, upload=mask))
    return tuple(rows)
