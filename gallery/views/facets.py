"""The menus beside the box that searches the gallery, and the chips below it: each links to a search."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from generation.jobs.searching import Search, Term
from generation.models import Checkpoint

DATES: Final = frozenset({"after", "before", "on"})
RATIOS: Final = ("square", "portrait", "landscape", "3:2", "2:3", "4:3", "3:4", "16:9", "9:16")
NAMED_RATIOS: Final = {
    "square": gettext_lazy("Square"),
    "portrait": gettext_lazy("Portrait"),
    "landscape": gettext_lazy("Landscape"),
}
MARKS: Final = (
    (gettext_lazy("Liked by you"), Term("is", "liked")),
    (gettext_lazy("Yours"), Term("by", "me")),
    (gettext_lazy("Upscaled"), Term("is", "upscaled")),
    (gettext_lazy("Remixes"), Term("is", "remix")),
)
OWN: Final = frozenset({Term("is", "liked"), Term("by", "me")})
LIKES: Final = (1, 10, 100)
SPANS: Final = (
    (gettext_lazy("Today"), Term("on", "today")),
    (gettext_lazy("Last 7 days"), Term("after", "7d")),
    (gettext_lazy("Last 30 days"), Term("after", "30d")),
    (gettext_lazy("Last year"), Term("after", "1y")),
)


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a menu, or a chip. query: the search that a press leads to; is_on: whether it counts now."""

    title: str
    query: str
    is_on: bool


@dataclass(frozen=True, slots=True)
class Menu:
    """One facet. name: of its element."""

    name: str
    title: str
    choices: tuple[Choice, ...]

    @property
    def is_on(self) -> bool:
        """Whether any of its choices counts now."""
        return any(choice.is_on for choice in self.choices)


def facet_menus(search: Search, models: Iterable[Checkpoint], *, is_member: bool) -> tuple[Menu, ...]:
    """Every menu; that of models where there is a choice, and what is one's own for members alone."""
    named = [(model.title, Term("model", model.name)) for model in models]
    ratios = [(str(NAMED_RATIOS.get(ratio, ratio)), Term("ar", ratio)) for ratio in RATIOS]
    menus = (
        _menu("ratio", _("Ratio"), search, ratios),
        _menu("model", _("Model"), search, named if len(named) > 1 else []),
        _menu("marks", _("Marks"), search, [row for row in MARKS if is_member or row[1] not in OWN]),
        Menu("likes", _("Likes"), tuple(_swapped(search, f"{count}+", Term("likes", str(count))) for count in LIKES)),
        Menu("date", _("Date"), tuple(_swapped(search, title, term, among=DATES) for title, term in SPANS)),
    )
    return tuple(menu for menu in menus if menu.choices)


def term_chips(search: Search) -> tuple[Choice, ...]:
    """Every term of the search, with the search that is left without it."""
    return tuple(Choice(str(term), search.without(term).canonical, is_on=True) for term in search.terms)


def _menu(name: str, title: str, search: Search, choices: Iterable[tuple[str | Promise, Term]]) -> Menu:
    lines = (Choice(str(line), search.toggled(term).canonical, term in search.terms) for line, term in choices)
    return Menu(name, title, tuple(lines))


def _swapped(search: Search, title: str | Promise, term: Term, among: frozenset[str] = frozenset({"likes"})) -> Choice:
    """A choice that takes the place of every other one of its kind."""
    if term in search.terms:
        return Choice(str(title), search.without(term).canonical, is_on=True)
    others = tuple(other for other in search.terms if other.key not in among)
    return Choice(str(title), Search((*others, term)).canonical, is_on=False)
