"""Other words for a picture that is worked on: remix while varying, a zoom or a pan with a changed prompt."""

from __future__ import annotations

from dataclasses import dataclass, replace

from generation.contracts import CheckpointCard, RenderPlan, Stage
from generation.jobs import imagining
from generation.jobs.choosing import models_for
from generation.jobs.imagining import Resolved
from generation.jobs.notes import Note
from generation.jobs.option_sets import wishes_of
from generation.models import Checkpoint, Image
from generation.prompts.parser import check
from generation.prompts.problems import PromptErrors, PromptProblem
from mjweb.accounts.models import User
from mjweb.common.saying import say, sayable

SEVERAL = sayable("Here one picture is worked on, so the words make one job. Leave braces and --repeat for Create.")


@dataclass(frozen=True, slots=True)
class Wording:
    """What a picture is worked on with.

    plan: at the size of the picture. ratio: the shape that other words ask for; None where they leave it as it is.
    """

    prompt: str
    checkpoint: Checkpoint
    plan: RenderPlan
    ratio: float | None = None
    notes: tuple[Note, ...] = ()

    @property
    def card(self) -> CheckpointCard:
        """Of the model that paints."""
        return self.checkpoint.card


def same_words(image: Image) -> Wording:
    """The picture's own."""
    job = image.job
    return Wording(job.prompt, job.checkpoint, job.plan)


def other_words(owner: User, image: Image, text: str) -> Wording:
    """What a changed prompt says; the model is the picture's, unless the words name another.

    The shape counts where it was changed. Pictures that the words name are left out: the picture itself is the start.

    Raises:
        PromptErrors: everything that is wrong with the words, each with its column; several jobs are one of them.
        CheckpointNotReadyError, UnknownModelError.
    """
    if text.strip() == image.job.prompt.strip():
        return same_words(image)
    one = _resolved(owner, image, text)
    spec, plan = one.child.spec, one.meaning.plan
    stage = Stage(width_px=image.width_px, height_px=image.height_px, steps=plan.stages[0].steps)
    before = check(image.job.prompt).spec
    reshaped = "ar" in spec.given and (before is None or spec.aspect != before.aspect)
    left_out = (Note("left_out", say("Pictures that the words name are left out: this one is worked on.")),)
    return Wording(
        prompt=one.child.prompt.strip(),
        checkpoint=one.child.checkpoint,
        plan=replace(plan, stages=(stage,)),
        ratio=float(spec.aspect.ratio) if reshaped else None,
        notes=(*one.notes, *(left_out if one.child.references else ())),
    )


def _resolved(owner: User, image: Image, text: str) -> Resolved:
    wishes, models = wishes_of(owner), models_for(owner)
    expansion = imagining.open_out(text, wishes, models)
    if expansion.count > 1:
        raise PromptErrors([PromptProblem("several_jobs", say(SEVERAL), 0, len(text))])
    read = imagining.read_children(text, expansion, models, wishes, model=image.job.checkpoint.name)
    return imagining.resolve(read[expansion.prompts[0]], {})
