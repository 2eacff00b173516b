"""The library of styles as a fragment: what the imagine bar opens to choose one by its picture."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from generation.jobs.examples import look
from generation.prompts.styles import find_styles
from mjweb.common.access import public

LONGEST_QUESTION = 60


@public
@require_safe
def styles(request: HttpRequest) -> HttpResponse:
    """The styles that fit what is searched for, shelf by shelf; each is a button that names itself in `data-style`."""
    question = request.GET.get("q", "")[:LONGEST_QUESTION].strip()
    looks = [look(preset) for preset in find_styles(question)]
    return render(request, "generation/_styles.html", {"question": question, "looks": looks})
