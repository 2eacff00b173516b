"""Buttons of the Create page: each takes its input, calls one service and answers with the job's card."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from generation.jobs import services
from generation.jobs.choosing import models_for
from generation.jobs.option_sets import wishes_of
from generation.prompts.problems import PromptErrors, PromptProblem
from generation.views import answers
from generation.views.create import create_page, remixed_image
from generation.views.prompts import Bar, bar
from mjweb.accounts.people import person
from mjweb.common.access import member
from mjweb.common.errors import MjwebError


@member
@require_POST
def submit(request: HttpRequest) -> HttpResponse:
    """Imagine. A refused prompt comes back as it was typed, with what is wrong with it."""
    text = request.POST.get("prompt", "").replace("\r\n", "\n")
    key, model = request.POST.get("key") or None, request.POST.get("model") or None
    remixed = remixed_image(request, request.POST.get("remix", ""))
    remix_of = remixed.pk if remixed else None
    try:
        jobs = services.submit_prompts(person(request), text, remix_of=remix_of, model=model, idempotency_key=key)
    except MjwebError as error:
        refused = _refused(request, text, error)
        if request.headers.get("HX-Request"):
            return _note(request, refused, status=error.status)
        return create_page(request, refused, remixed=remixed, status=error.status)
    return answers.answer(request, *reversed(jobs))


@member
@require_safe
def card(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """The card of one's own job as it stands now; empty for a canceled one."""
    return answers.card(request, services.own_job(person(request), job_id))


@member
@require_POST
def cancel(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Cancel: the card goes away and a toast offers to start again, unless the pictures were quicker."""
    return answers.canceled(request, services.cancel_job(person(request), job_id))


@member
@require_POST
def reroll(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Reroll: the same again with new seeds."""
    return answers.answer(request, services.reroll_job(person(request), job_id))


@member
@require_POST
def rerun(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Rerun: the same again with the same seeds."""
    return answers.answer(request, services.rerun_job(person(request), job_id))


def _refused(request: HttpRequest, text: str, error: MjwebError) -> Bar:
    """The bar with what was wrong. What is wrong with the words it finds by itself, where they stand."""
    further: PromptProblem | None = PromptProblem(error.code, error.sentence, len(text), len(text))
    asking = person(request)
    models, wishes, model = models_for(asking), wishes_of(asking), request.POST.get("model", "")
    if isinstance(error, PromptErrors):
        found = bar(text, models, wishes, model=model).notes
        further = next((problem for problem in error.problems if problem not in found), None)
    return bar(text, models, wishes, model=model, further=further)


def _note(request: HttpRequest, filled: Bar, *, status: int) -> HttpResponse:
    response = render(request, "generation/_note.html", {"bar": filled}, status=status)
    response["HX-Retarget"] = "#prompt-note"
    response["HX-Reswap"] = "outerHTML"
    return response
