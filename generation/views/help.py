"""The help page, written from the tables that the product itself reads."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

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

# What the pictures were rendered from that the starter model learned; other words mean little to it.
STARTER_WORDS = (
    ("Things", "house tree boat balloon lighthouse rocket cat bird fish"),
    ("More things", "flower mushroom castle planet car butterfly robot"),
    ("Colors", "red orange yellow green teal blue purple pink white black"),
    ("Places", "mountains sea desert forest city meadow arctic space lake"),
    ("Times of day", "sunrise noon sunset night"),
    ("Weather", "clear fog rain snow cloudy"),
    ("Styles", "flat vector, watercolor, oil, pixel, ink, neon, pastel, stained glass, low poly"),
)


@public
@require_safe
def help(request: HttpRequest) -> HttpResponse:  # noqa: A001 - the address is called help
    """Parameters, weights, what the starter model knows, and the keys."""
    context = {"parameters": help_rows(), "starter_words": STARTER_WORDS, "keys": KEYS}
    return render(request, "generation/help.html", context)
