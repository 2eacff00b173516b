"""The help page, written from the tables that the product itself reads."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from generation.models import Checkpoint
from generation.prompts.help import help_rows
from mjweb.common.access import public

KEYS = (
    (("Enter",), "Imagine"),
    (("Ctrl", "Enter"), "Imagine and keep the words"),
    (("↑",), "The last prompt again, in an empty bar"),
    (("Esc",), "Out of the bar, to the keys below"),
    (("J", "K"), "The next card, the card before"),
    (("U", "1-4"), "Upscale a picture of the card in focus"),
    (("V", "1-4"), "Vary a picture of the card in focus"),
    (("P",), "The words of the card in focus into the bar"),
    (("←", "→"), "The pictures of a grid, on the page of one picture"),
    (("Esc",), "Back from the page of one picture"),
    (("G", "E"), "Go to Explore; with C to Create, M to My images, H to Help"),
    (("?",), "This list"),
)


@public
@require_safe
def help(request: HttpRequest) -> HttpResponse:  # noqa: A001 - the address is called help
    """Parameters, weights, what the model knows if it says so, and the keys."""
    checkpoints = list(Checkpoint.objects.usable().order_by("-is_default", "name"))
    vocabulary = checkpoints[0].card.vocabulary if checkpoints else None
    names = [checkpoint.name for checkpoint in checkpoints]
    context = {"parameters": help_rows(names), "vocabulary": vocabulary, "keys": KEYS}
    return render(request, "generation/help.html", context)
