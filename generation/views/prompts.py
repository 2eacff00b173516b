"""The imagine bar: what is colored, what is wrong, and what pressing Enter will make."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_POST

from generation.contracts import CheckpointCard, RenderPlan
from generation.errors import CheckpointNotReadyError
from generation.jobs import planning, selectors
from generation.jobs.choosing import Models, choose_checkpoint, models_for
from generation.models import Checkpoint, Job
from generation.prompts import familiar, parser
from generation.prompts.parser import Reading
from generation.prompts.problems import PromptProblem
from generation.prompts.spec import PromptSpec
from mjweb.accounts.people import person
from mjweb.common.access import member

NO_MODELS: Final = Models((), None)


@dataclass(frozen=True, slots=True)
class Plan:
    """What Enter will make: the resolved numbers, and how long they take.

    ready_in_s: estimate from the last jobs, waiting included; None while nothing is known.
    """

    spec: PromptSpec
    render: RenderPlan
    model: str
    ready_in_s: int | None

    @property
    def pictures(self) -> int:
        """How many pictures there will be."""
        return len(self.render.seeds)


@dataclass(frozen=True, slots=True)
class Bar:
    """The imagine bar with these words in it.

    pieces: the text in stretches, each with the kind of its mark ("" for plain words).
    notes: what keeps it from being run, one per thing. hints: what a person may want to know and does no harm.
    models: what there is to choose from; empty where there is no choice. chosen: the name of the one that is shown.
    """

    text: str
    reading: Reading
    pieces: tuple[tuple[str, str], ...]
    notes: tuple[PromptProblem, ...]
    hints: tuple[PromptProblem, ...]
    refused: bool
    plan: Plan | None
    models: tuple[Checkpoint, ...] = ()
    chosen: str = ""


@member
@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """Marks, problems with their fixes, and the note and plan as fragments: one renderer for page and answer."""
    filled = bar(request.POST.get("prompt", ""), models_for(person(request)), model=request.POST.get("model", ""))
    return JsonResponse(
        {
            "marks": [asdict(mark) for mark in filled.reading.marks] if filled.text.strip() else [],
            "problems": [problem.to_json() for problem in filled.reading.problems] if filled.refused else [],
            "note": render_to_string("generation/_note.html", {"bar": filled}, request),
            "plan": render_to_string("generation/_plan.html", {"bar": filled}, request),
        }
    )


@member
@require_POST
def choose_model(request: HttpRequest) -> HttpResponse:
    """The choice beside the plan: this person's pictures are made with that model until they choose another."""
    choose_checkpoint(person(request), request.POST.get("model", ""))
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


def bar(text: str, models: Models = NO_MODELS, *, model: str = "", further: PromptProblem | None = None) -> Bar:
    """The bar for this text. No words yet is no error.

    models: of the person who types. model: the name that the form says; theirs where it is empty or gone.
    further: one more thing to say, which the server found on submit.
    """
    reading = parser.check(text, models=models.names or None)
    typed = bool(text.strip())
    problems = reading.problems if typed else ()
    card = _card(models, reading.spec, model) if reading.spec else None
    unknown = familiar.hint(text, reading.spec, card.vocabulary) if reading.spec and card else None
    warnings = (*reading.warnings, *((unknown,) if unknown else ())) if typed else ()
    notes = (*problems, *((further,) if further else ()))
    plan = _plan(reading.spec, card) if reading.spec and card else None
    choice = models.checkpoints if len(models.checkpoints) > 1 else ()
    chosen = _chosen(models, model) if choice else ""
    return Bar(text, reading, _pieces(text, reading), notes, warnings, bool(problems), plan, choice, chosen)


def _pieces(text: str, reading: Reading) -> tuple[tuple[str, str], ...]:
    pieces, at = [], 0
    for mark in reading.marks:
        pieces += [("", text[at : mark.start]), (mark.kind, text[mark.start : mark.end])]
        at = mark.end
    return tuple(piece for piece in (*pieces, ("", text[at:])) if piece[1])


def _card(models: Models, spec: PromptSpec, model: str) -> CheckpointCard | None:
    """What the model can do; None until the first one has been registered."""
    try:
        return models.pick(spec, _chosen(models, model)).card
    except CheckpointNotReadyError:
        return None


def _chosen(models: Models, model: str) -> str:
    """The name that the page's choice shows; empty before the first model."""
    if model in models.names:
        return model
    return models.preferred.name if models.preferred else ""


def _plan(spec: PromptSpec, card: CheckpointCard) -> Plan:
    ready_in_s = selectors.starts_in_s(Job.objects.waiting().count() + 1)
    return Plan(spec, planning.plan_prompt(spec, card), card.title, ready_in_s)
