"""What buttons that make jobs answer: cards for a list of jobs, a toast for a page that stays, else the Create page."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from generation.errors import JobNotFoundError
from generation.models import Job, JobKind, JobState
from generation.views.cards import cards_of, job_card
from mjweb.accounts.people import person
from mjweb.common.saying import say, sayable

TOASTS: Final = "toasts"
"""The element that a page without a list of jobs asks the answer for."""
IT: Final = sayable("It")
MADE: Final = {
    JobKind.REROLL: sayable("The reroll"),
    JobKind.REMIX: sayable("The remix"),
    JobKind.RERUN: sayable("The rerun"),
    JobKind.VARY: sayable("The variation"),
    JobKind.UPSCALE: sayable("The upscale"),
    JobKind.ZOOM: sayable("The zoom out"),
    JobKind.PAN: sayable("The pan"),
    JobKind.SQUARE: sayable("The square"),
    JobKind.REGION: sayable("The edit"),
    JobKind.EDIT: sayable("The edit"),
    JobKind.BLEND: sayable("The blend"),
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
        msg = say("There is no such job.")
        raise JobNotFoundError(msg)
    return render(request, "generation/_job_card.html", {"card": job_card(whole)})


def canceled(request: HttpRequest, job: Job) -> HttpResponse:
    """A toast with a way back; the card of a job that was quicker."""
    if job.state != JobState.CANCELED or not request.headers.get("HX-Request"):
        return answer(request, job)
    return render(request, "generation/_canceled.html", {"job": job})


def _toast(request: HttpRequest, job: Job) -> HttpResponse:
    """What was begun, or done before: a picture that was upscaled in this way is led to."""
    made = job.images.order_by("index").first() if job.state == JobState.SUCCEEDED else None
    what = say(MADE.get(JobKind(job.kind), IT))
    sentence = say("{what} was made before.", what=what) if made else say("{what} is in line.", what=what)
    return render(request, "generation/_made.html", {"job": job, "image": made, "sentence": sentence})
