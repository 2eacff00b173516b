"""The settings panel: what a person wants of every prompt, kept from what stands in the bar."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from generation.contracts import SAMPLER_TITLES, SCHEDULE_TITLES
from generation.jobs import option_sets, preferences
from generation.jobs.choosing import models_for
from generation.jobs.panel import NAMINGS
from generation.jobs.samplers import samplers_of
from generation.models import OptionSet
from generation.prompts.parameters import BY_NAME
from generation.prompts.problems import PromptErrors
from mjweb.accounts.models import User
from mjweb.accounts.people import person
from mjweb.common.access import member
from mjweb.common.errors import MjwebError
from mjweb.common.saying import say

LONG_SIDE: Final = 24
CENTER: Final = 18


@dataclass(frozen=True, slots=True)
class Shape:
    """An aspect ratio as it is drawn: a rectangle of a view box of 36 units, its long side 24."""

    name: str
    width: float
    height: float

    @property
    def left(self) -> float:
        """Where it begins."""
        return CENTER - self.width / 2

    @property
    def top(self) -> float:
        """Where it begins."""
        return CENTER - self.height / 2


def _shape(width: int, height: int) -> Shape:
    unit = LONG_SIDE / max(width, height)
    return Shape(f"{width}:{height}", round(width * unit, 2), round(height * unit, 2))


SHAPES: Final = tuple(_shape(*sides) for sides in ((9, 16), (2, 3), (3, 4), (1, 1), (4, 3), (3, 2), (16, 9)))


@member
@require_safe
def panel(request: HttpRequest) -> HttpResponse:
    """The panel; what its controls show is told by each check of the words."""
    return _panel(request)


@member
@require_POST
def keep_defaults(request: HttpRequest) -> HttpResponse:
    """Save as my defaults."""
    text = request.POST.get("prompt", "")
    return _done(request, "defaults", lambda: preferences.keep_as_defaults(person(request), text))


@member
@require_POST
def forget_defaults(request: HttpRequest) -> HttpResponse:
    """Forget my defaults."""
    return _done(request, "defaults", lambda: preferences.keep_preferences(person(request), defaults=""))


@member
@require_POST
def keep_suffix(request: HttpRequest) -> HttpResponse:
    """Save the suffix; an empty one is none."""
    suffix = request.POST.get("suffix", "")
    return _done(request, "suffix", lambda: preferences.keep_preferences(person(request), suffix=suffix))


@member
@require_POST
def keep_set(request: HttpRequest) -> HttpResponse:
    """Save as a set: the parameters in the bar under a name."""
    name, text = request.POST.get("name", ""), request.POST.get("prompt", "")
    return _done(request, "sets", lambda: option_sets.keep_parameters(person(request), name, text))


@member
@require_POST
def drop_set(request: HttpRequest, name: str) -> HttpResponse:
    """Delete a set."""
    return _done(request, "sets", lambda: option_sets.drop_option_set(person(request), name))


def _done(request: HttpRequest, part: str, act: Callable[[], object]) -> HttpResponse:
    """The panel after a press; of a refused one with the reason beside it, and what was typed."""
    try:
        act()
    except MjwebError as error:
        typed = {name: request.POST.get(name, "") for name in ("suffix", "name") if name in request.POST}
        response = _panel(request, failed={part: _sentence(error)}, typed=typed, status=error.status)
        response["HX-Retarget"], response["HX-Reswap"] = "#settings", "innerHTML"
        return response
    return _panel(request, done=part)


def _sentence(error: MjwebError) -> str:
    """Everything that is wrong, each a sentence."""
    return " ".join(one.sentence for one in error.problems) if isinstance(error, PromptErrors) else error.sentence


def _panel(
    request: HttpRequest,
    *,
    done: str = "",
    failed: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    context = {**_choices(person(request)), "done": done, "failed": failed or {}, "typed": typed or {}}
    return render(request, "generation/_settings.html", context, status=status)


def _choices(user: User) -> dict[str, Any]:
    """What there is to choose from, and what this person keeps."""
    models = models_for(user)
    card = models.preferred.card if models.preferred else None
    return {
        "shapes": SHAPES,
        "names": NAMINGS,
        "rows": BY_NAME,
        "models": models.checkpoints,
        "samplers": [(name, say(SAMPLER_TITLES[name])) for name in samplers_of(card)] if card else [],
        "schedules": [(name, say(title)) for name, title in SCHEDULE_TITLES.items() if name != "model"],
        "kept": preferences.preferences_of(user),
        "sets": OptionSet.objects.owned_by(user).order_by("name"),
    }
