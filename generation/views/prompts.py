"""The imagine bar: what is colored, what is wrong, and what pressing Enter will make."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, astuple, dataclass
from http import HTTPStatus
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_POST, require_safe

from generation.contracts import CheckpointCard, RenderPlan
from generation.errors import ActionNotPossibleError, CheckpointNotReadyError
from generation.jobs import limits, selectors
from generation.jobs.choosing import Models, choose_checkpoint, models_for
from generation.jobs.imagining import located, settled_spec
from generation.jobs.meaning import mean
from generation.jobs.option_sets import Wishes, wishes_of
from generation.jobs.panel import panel_of
from generation.jobs.vocabulary import vocabulary_of
from generation.models import Checkpoint, Job
from generation.prompts import familiar
from generation.prompts.parser import Reading
from generation.prompts.permutations import check_all
from generation.prompts.problems import PromptProblem
from generation.prompts.spec import PromptSpec
from generation.views.saying import Saying, saying
from mjweb.accounts.people import person
from mjweb.common.access import member

NO_MODELS: Final = Models((), None)
NO_WISHES: Final = Wishes()


@dataclass(frozen=True, slots=True)
class Plan:
    """What Enter will make: the resolved numbers, and how long they take.

    ready_in_s: estimate from the last jobs, waiting included; None while nothing is known.
    """

    spec: PromptSpec
    render: RenderPlan
    model: str
    ready_in_s: int | None
    jobs: int = 1

    @property
    def pictures(self) -> int:
        """How many pictures there will be, of all jobs together."""
        return self.jobs * len(self.render.seeds)


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
    """Marks, problems with their fixes, and what there is to say as fragments: one renderer for page and answer."""
    asking = person(request)
    text, model = request.POST.get("prompt", ""), request.POST.get("model", "")
    models = models_for(asking)
    wishes = wishes_of(asking)
    filled = bar(text, models, wishes, model=model)
    known = {hint.sentence for hint in filled.hints}
    said = saying(asking, text, model=_chosen(models, model), known=known) if filled.plan else Saying()
    spec = filled.plan.spec if filled.plan else None
    panel = panel_of(text, wishes, models, spec=spec, model=model)
    return JsonResponse(
        {
            "marks": [asdict(mark) for mark in filled.reading.marks] if filled.text.strip() else [],
            "problems": [problem.to_json() for problem in filled.notes],
            "panel": {name: astuple(control) for name, control in panel.items()},
            **_fragments(request, filled, said),
        }
    )


def _fragments(request: HttpRequest, filled: Bar, said: Saying) -> dict[str, str]:
    """What changes in the bar with the words; `confirm` is what several jobs are asked about, else empty."""
    context = {"bar": filled, "said": said}
    names = ["note", "said", "plan", *(["confirm"] if filled.plan and filled.plan.jobs > 1 else [])]
    parts = {name: render_to_string(f"generation/_{name}.html", context, request).strip() for name in names}
    return {"confirm": "", **parts}


@member
@require_safe
def vocabulary(request: HttpRequest) -> HttpResponse:
    """What the bar completes; unchanged, it is not sent again."""
    answer = JsonResponse(vocabulary_of(person(request)))
    etag = f'"{hashlib.sha256(answer.content).hexdigest()[:32]}"'
    response = get_conditional_response(request, etag=etag, response=answer) or answer
    response["ETag"], response["Cache-Control"] = etag, "private, no-cache"
    return response


@member
@require_POST
def choose_model(request: HttpRequest) -> HttpResponse:
    """The choice beside the plan: this person's pictures are made with that model until they choose another."""
    choose_checkpoint(person(request), request.POST.get("model", ""))
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


def bar(
    text: str,
    models: Models = NO_MODELS,
    wishes: Wishes = NO_WISHES,
    *,
    model: str = "",
    further: PromptProblem | None = None,
) -> Bar:
    """The bar for this text. No words yet is no error.

    models, wishes: of the person who types. model: the name that the form says; theirs where it is empty or gone.
    further: one more thing to say, which the server found on submit.
    """
    names = models.names or None
    reading = check_all(
        text,
        option_sets=wishes.option_sets,
        suffix=wishes.suffix,
        models=names,
        limit=settings.MJWEB_MAX_JOBS_PER_PROMPT,
    )
    typed = bool(text.strip())
    spec = settled_spec(text, reading, wishes, models)
    card = _card(models, spec, model) if spec else None
    problems = (*reading.problems, *_beyond(text, spec, card)) if typed else ()
    unknown = familiar.hint(text, spec, card.vocabulary) if spec and card else None
    warnings = (*reading.warnings, *((unknown,) if unknown else ())) if typed else ()
    notes = (*problems, *((further,) if further else ()))
    plan = _plan(spec, card, reading.jobs) if spec and card and not problems else None
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


def _beyond(text: str, spec: PromptSpec | None, card: CheckpointCard | None) -> tuple[PromptProblem, ...]:
    """What the model cannot do of a prompt that can be read."""
    refused = limits.refusals(spec, card) if spec and card else []
    return located(text, refused).problems if refused else ()


def _chosen(models: Models, model: str) -> str:
    """The name that the page's choice shows; empty before the first model."""
    if model in models.names:
        return model
    return models.preferred.name if models.preferred else ""


def _plan(spec: PromptSpec, card: CheckpointCard, jobs: int) -> Plan | None:
    try:
        render = mean(spec, card).plan
    except ActionNotPossibleError:
        return None  # what it takes a picture for is said on submit
    ready_in_s = selectors.starts_in_s(Job.objects.waiting().count() + jobs)
    return Plan(spec, render, card.title, ready_in_s, jobs)
