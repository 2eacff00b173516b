"""From what somebody typed to everything that their jobs will be, before any of them exists.

A prompt is opened out (option sets, suffix, permutations, repeats), counted, and each child is read for itself, with
what the person prefers where it says nothing. Nothing here writes; only `find_pictures` may fetch.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.conf import settings

from generation.contracts import CheckpointCard, RenderPlan
from generation.errors import ActionNotPossibleError, AdapterInvalidError, UnknownAdapterError
from generation.jobs import limits, planning
from generation.jobs.adapters import image_prompt_adapter, with_adapters
from generation.jobs.choosing import Models
from generation.jobs.limits import Refusal
from generation.jobs.meaning import Meaning, mean
from generation.jobs.notes import Note, notes, unfamiliar
from generation.jobs.option_sets import Wishes
from generation.jobs.picture_plans import shown_by
from generation.jobs.pictures import Picture
from generation.models import Checkpoint
from generation.prompts.defaults import with_defaults
from generation.prompts.lexer import lex
from generation.prompts.parameters import BY_NAME
from generation.prompts.parser import Reading, parse
from generation.prompts.permutations import Expansion, check_all, expand
from generation.prompts.problems import PromptErrors, PromptProblem
from generation.prompts.spec import PromptSpec
from mjweb.common.saying import say, sayable

RELAXED_ALONE = sayable("Several jobs at once are not made in the relaxed lane. Add --fast, or ask for one.")


@dataclass(frozen=True, slots=True)
class Child:
    """One job that a prompt asks for.

    typed: the text that it came of; prompt: its own text, as its job shows it.
    spec: what that says, preferences included. card: of its model.
    """

    typed: str
    prompt: str
    spec: PromptSpec
    checkpoint: Checkpoint
    card: CheckpointCard

    @property
    def references(self) -> list[str]:
        """The pictures that it names, in no order."""
        spec = self.spec
        return [
            *spec.images,
            *spec.character_refs,
            *filter(None, [spec.object_ref]),
            *limits.picture_references(spec),
        ]


@dataclass(frozen=True, slots=True)
class Resolved:
    """A child in numbers: what it paints, and what there is to know of that."""

    child: Child
    meaning: Meaning
    notes: tuple[Note, ...]


def open_out(text: str, wishes: Wishes, models: Models) -> Expansion:
    """The children of a prompt as texts, each of which can be read.

    Raises:
        PromptErrors: everything that is wrong with them, at the columns of what was typed; more of them than one prompt
            may make included.
    """
    limit = settings.MJWEB_MAX_JOBS_PER_PROMPT
    names = models.names or None
    reading = check_all(text, option_sets=wishes.option_sets, suffix=wishes.suffix, models=names, limit=limit)
    if reading.problems:
        raise PromptErrors(reading.problems)
    return expand(text, option_sets=wishes.option_sets, suffix=wishes.suffix, limit=limit)


def settled_spec(text: str, reading: Reading, wishes: Wishes, models: Models) -> PromptSpec | None:
    """What the first child of a prompt says that can be read, with what the person prefers; None where it cannot be.

    reading: of this text, with this person's option sets and suffix.
    """
    if reading.spec is None or not wishes.defaults:
        return reading.spec
    first = expand(text, option_sets=wishes.option_sets, suffix=wishes.suffix, limit=reading.jobs).prompts[0]
    return parse(with_defaults(first, wishes.defaults), models=models.names or None)


def read_children(
    text: str, expansion: Expansion, models: Models, wishes: Wishes, *, model: str | None = None
) -> dict[str, Child]:
    """What each child says, by its text, and which model paints it.

    text: as typed. model: the name of the one that the form or the program says.

    Raises:
        PromptErrors: what a model cannot do of a child, at the columns of what was typed.
        CheckpointNotReadyError, UnknownModelError.
    """
    read: dict[str, Child] = {}
    cards: dict[int, CheckpointCard] = {}  # reading one anew for each child would take longer than all the rest
    for prompt in dict.fromkeys(expansion.prompts):
        spec = parse(with_defaults(prompt, wishes.defaults), models=models.names or None)
        checkpoint = models.pick(spec, model)
        card = cards.setdefault(checkpoint.pk, cards.get(checkpoint.pk) or checkpoint.card)
        read[prompt] = Child(text, prompt, spec, checkpoint, card)
        if refused := limits.refusals(spec, card):
            raise located(text, refused)
    if expansion.count > 1 and any(child.spec.speed == "relax" for child in read.values()):
        raise located(text, [Refusal("relax", say(RELAXED_ALONE), "several_relaxed")])
    return read


def resolve(child: Child, pictures: Mapping[str, Picture], *, repeated: int = 0) -> Resolved:
    """What a child paints.

    pictures: of its references, where they are known; without them a zoom is reckoned for some shape.
    repeated: how many times before the same prompt was painted in these jobs: a typed seed goes on behind those.

    Raises:
        PromptErrors: its model or its pictures do not allow it.
    """
    spec, card = child.spec, child.card
    zoomed = pictures.get(spec.images[0]) if limits.is_zoomed(spec) else None
    try:
        meaning = mean(spec, card, ratio=zoomed.ratio if zoomed else None)
    except ActionNotPossibleError as error:
        parameter = "zoom" if limits.is_zoomed(spec) else "hires" if spec.hires else "hd"
        raise located(child.typed, [Refusal(parameter, error.sentence)]) from error
    plan = _shown(_with_loras(meaning.plan, child), child)
    further = [unfamiliar(child.prompt, spec, card)]
    if repeated and spec.seed is not None and spec.same_seed is None:
        count = len(plan.seeds)
        plan = replace(plan, seeds=planning.grid_seeds((spec.seed + repeated * count) % planning.SEEDS, count=count))
        further.append(
            Note("seed_goes_on", say("Its seeds go on at {seed}, so that no picture comes twice.", seed=plan.seeds[0]))
        )
    found = (*notes(spec, card, meaning), *(note for note in further if note))
    return Resolved(child, replace(meaning, plan=plan), found)


def located(text: str, refused: Iterable[Refusal]) -> PromptErrors:
    """The refusals as problems with the columns of their parameters; of what was not typed here, with all text."""
    lexed = lex(text)
    places = {BY_NAME[one.name].name: (one.start, one.end) for one in lexed.segments if one.name in BY_NAME}
    everything = (0, len(text))
    return PromptErrors(
        [PromptProblem(one.code, one.sentence, *places.get(one.parameter, everything)) for one in refused]
    )


def _with_loras(plan: RenderPlan, child: Child) -> RenderPlan:
    if not child.spec.loras:
        return plan
    try:
        return with_adapters(plan, child.spec.loras, family=child.card.family)
    except (UnknownAdapterError, AdapterInvalidError, ActionNotPossibleError) as error:
        raise located(child.typed, [Refusal("lora", error.sentence, error.code)]) from error


def _shown(plan: RenderPlan, child: Child) -> RenderPlan:
    """The plan whose image prompts are shown by an IP-Adapter, where there is one for its model."""
    if not any(use.prompt for use in plan.sources) or (adapter := image_prompt_adapter(child.card)) is None:
        return plan
    return shown_by(plan, adapter, keeps_start=child.spec.strength is not None)
