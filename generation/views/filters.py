"""The menus beside the search box: each choice is a link to the search with it, or without it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from generation.jobs.searching import Search, Term
from generation.models import Checkpoint, JobKind
from mjweb.common.saying import say, sayable

DATES: Final = frozenset({"after", "before", "on"})
SHAPES: Final = ((sayable("Square"), "square"), (sayable("Portrait"), "portrait"), (sayable("Landscape"), "landscape"))
RATIOS: Final = (*SHAPES, *((ratio, ratio) for ratio in ("3:2", "2:3", "4:3", "3:4", "16:9", "9:16")))
KINDS: Final = {
    JobKind.IMAGINE: sayable("Imagine"),
    JobKind.REROLL: sayable("Reroll"),
    JobKind.REMIX: sayable("Remix"),
    JobKind.RERUN: sayable("Rerun"),
    JobKind.VARY: sayable("Vary"),
    JobKind.UPSCALE: sayable("Upscale"),
    JobKind.ZOOM: sayable("Zoom"),
    JobKind.PAN: sayable("Pan"),
    JobKind.SQUARE: sayable("Square"),
    JobKind.REGION: sayable("Region"),
    JobKind.EDIT: sayable("Edit"),
    JobKind.BLEND: sayable("Blend"),
}
MARKS: Final = (
    (sayable("Liked"), Term("is", "liked")),
    (sayable("Public"), Term("is", "public")),
    (sayable("Private"), Term("is", "private")),
    (sayable("In a collection"), Term("is", "collected")),
    (sayable("In no collection"), Term("is", "collected", is_negated=True)),
    (sayable("Hidden"), Term("is", "hidden")),
)
SPANS: Final = (
    (sayable("Today"), Term("on", "today")),
    (sayable("Last 7 days"), Term("after", "7d")),
    (sayable("Last 30 days"), Term("after", "30d")),
    (sayable("Last year"), Term("after", "1y")),
)


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a menu. query: the search that a press leads to; is_on: whether it counts now."""

    title: str
    query: str
    is_on: bool


@dataclass(frozen=True, slots=True)
class Menu:
    """One filter. name: of its element; is_on: whether any of its choices counts now."""

    name: str
    title: str
    choices: tuple[Choice, ...]

    @property
    def is_on(self) -> bool:
        """Whether any of its choices counts now."""
        return any(choice.is_on for choice in self.choices)


def filter_menus(search: Search, models: Iterable[Checkpoint]) -> tuple[Menu, ...]:
    """Every menu; that of models where there is a choice."""
    named = [(model.title, Term("model", model.name)) for model in models]
    spans = (Choice(say(title), _spanned(search, term), term in search.terms) for title, term in SPANS)
    menus = (
        _menu("kind", say("Kind"), search, [(say(title), Term("kind", kind.value)) for kind, title in KINDS.items()]),
        _menu("ratio", say("Ratio"), search, [(say(title), Term("ar", ratio)) for title, ratio in RATIOS]),
        _menu("model", say("Model"), search, named if len(named) > 1 else []),
        _menu("marks", say("Marks"), search, [(say(title), term) for title, term in MARKS]),
        Menu("date", say("Date"), tuple(spans)),
    )
    return tuple(menu for menu in menus if menu.choices)


def term_chips(search: Search) -> tuple[Choice, ...]:
    """Every term of the search, with the search that is left without it."""
    return tuple(Choice(str(term), search.without(term).canonical, is_on=True) for term in search.terms)


def _menu(name: str, title: str, search: Search, choices: Iterable[tuple[str, Term]]) -> Menu:
    lines = (Choice(line, search.toggled(term).canonical, term in search.terms) for line, term in choices)
    return Menu(name, title, tuple(lines))


def _spanned(search: Search, term: Term) -> str:
    """A span takes the place of every other date."""
    if term in search.terms:
        return search.without(term).canonical
    return Search((*(other for other in search.terms if other.key not in DATES), term)).canonical
