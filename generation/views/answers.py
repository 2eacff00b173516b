"""What buttons that make jobs answer: cards for a list of jobs, a toast for a page that stays, else the Create page."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from generation.errors import JobNotFoundError
from generation.models import Job, JobKind, JobState
from generation.views.cards import cards_of, job_card
from mjweb.accounts.people import person

TOASTS: Final = "toasts"
"""The element that a page without a list of jobs asks the answer for."""
MADE: Final = {
    JobKind.REROLL: "The reroll",
    JobKind.REMIX: "The remix",
    JobKind.RERUN: "The rerun",
    JobKind.VARY: "The variation",
    JobKind.UPSCALE: "The upscale",
    JobKind.ZOOM: "The zoom out",
    JobKind.PAN: "The pan",
    JobKind.SQUARE: "The square",
    JobKind.REGION: "The edit",
    JobKind.EDIT: "The edit",
    JobKind.BLEND: "The blend",
}


def answer(request: HttpRequest, *jobs: Job) -> HttpResponse:
    """The jobs as the asker shows them: newest first where they are cards."""
    if not request.headers.get("HX-Request"):
        return redirect("create")
    if request.headers.get("HX-Target") == TOASTS:
        return _toast(request, jobs[0])
    if len(jobs) == 1:
        return card(request, jobs[0])
    return HttpResponse(b"".join(card(request, job).content for job in jobs))


def card(request: HttpRequest, job: Job) -> HttpResponse:
    """One's own job as a card; empty for a canceled one.

    Raises:
        JobNotFoundError: it is not this person's own.
    """
    if job.state == JobState.CANCELED:
        return HttpResponse()
    whole = cards_of(person(request)).filter(pk=job.pk).first()
    if whole is None:
        msg = "There is no such job."
        raise JobNotFoundError(msg)
    return render(request, "generation/_job_card.html", {"card": job_card(whole)})


def _toast(request: HttpRequest, job: Job) -> HttpResponse:
    """What was begun, or done before: a picture that was upscaled in this way is led to."""
    made = job.images.order_by("index").first() if job.state == JobState.SUCCEEDED else None
    what = MADE.get(JobKind(job.kind), "It")
    sentence = f"{what} was made before." if made else f"{what} is in line."
    return render(request, "generation/_made.html", {"job": job, "image": made, "sentence": sentence})
