"""A person's own pictures: all of them, or what a search finds."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode, urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from generation.errors import SearchRefusedError
from generation.jobs.collecting import Folder, folders_of
from generation.jobs.finding import found_images
from generation.jobs.search_keys import keys_of
from generation.jobs.searching import Search, Term, read_search
from generation.jobs.storage_used import StorageUsed, storage_used
from generation.models import Checkpoint, Image, SavedSearch, SearchPlace
from generation.views.filters import Choice, Menu, filter_menus, term_chips
from mjweb.accounts.models import User
from mjweb.accounts.people import person
from mjweb.common.access import member
from mjweb.common.pagination import Page, keyset_page

PAGE_SIZE = 40
TRASH = Term("is", "trashed")
SIZES = ("1", "2", "3", "4", "5")


@dataclass(frozen=True, slots=True)
class ShelfPlace:
    """A collection on the shelf. query: what finds its pictures."""

    folder: Folder
    query: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where a person's pictures lie. query: the canonical form of what the page shows."""

    query: str
    places: tuple[ShelfPlace, ...]
    searches: tuple[SavedSearch, ...]
    storage: StorageUsed

    @property
    def current(self) -> Folder | None:
        """The collection that the page shows, and nothing but it."""
        return next((place.folder for place in self.places if place.query == self.query), None)

    @property
    def saved(self) -> SavedSearch | None:
        """The saved search that the page shows."""
        return next((search for search in self.searches if search.query == self.query), None)


@dataclass(frozen=True, slots=True)
class MyImages:
    """The page. text: what was typed; refusal: why it cannot be read, and then there is nothing to show."""

    text: str
    search: Search
    refusal: SearchRefusedError | None
    page: Page[Image]
    shelf: Shelf
    menus: tuple[Menu, ...]
    chips: tuple[Choice, ...]

    @property
    def is_trash(self) -> bool:
        """Whether it shows what lies in the trash."""
        return TRASH in self.search.terms

    @property
    def last_chip(self) -> Choice | None:
        """The term that was added last, which a search that finds nothing can do without."""
        return self.chips[-1] if self.chips else None

    @property
    def can_be_saved(self) -> bool:
        """Whether the search is worth a name and has none yet."""
        is_known = self.shelf.current or self.shelf.saved or self.search.terms == (TRASH,)
        return bool(self.search.terms) and not self.refusal and not is_known


@member
@require_safe
@vary_on_headers("HX-Request")
def my_images(request: HttpRequest) -> HttpResponse:
    """What a search finds of this person's pictures, newest first; for htmx, the next page's tiles alone."""
    owner, text = person(request), request.GET.get("q", "").strip()
    cursor = request.GET.get("cursor")
    if "HX-Request" in request.headers:
        page = keyset_page(found_images(owner, read_search(text)), cursor=cursor, size=PAGE_SIZE)
        return render(request, "generation/_image_tiles.html", {"page": page, "kept_query": kept_query(text)})
    shown = my_images_page(owner, text, cursor)
    size = request.COOKIES.get("grid", "")
    context = {
        "shown": shown,
        "page": shown.page,
        "shelf": shown.shelf,
        "kept_query": kept_query(text),
        "size": size if size in SIZES else "",
        "keys": keys_of(SearchPlace.MINE).values(),
    }
    return render(request, "generation/my_images.html", context, status=shown.refusal.status if shown.refusal else 200)


def my_images_page(owner: User, text: str, cursor: str | None) -> MyImages:
    """Everything that the page shows; a search that cannot be read finds nothing and says why."""
    search, refusal = Search(), None
    page: Page[Image] = Page([], None)
    try:
        search = read_search(text)
        page = keyset_page(found_images(owner, search), cursor=cursor, size=PAGE_SIZE)
    except SearchRefusedError as error:
        refusal = error
    models = Checkpoint.objects.usable().order_by("name")
    shelf = shelf_of(owner, text if refusal else search.canonical)
    return MyImages(text, search, refusal, page, shelf, filter_menus(search, models), term_chips(search))


def shelf_of(owner: User, query: str) -> Shelf:
    """The shelf of this person while they look at what a search finds. query: its canonical form."""
    places = (ShelfPlace(folder, str(Term("in", folder.collection.name))) for folder in folders_of(owner))
    searches = SavedSearch.objects.owned_by(owner).of(SearchPlace.MINE).order_by("name")
    return Shelf(query, tuple(places), tuple(searches), storage_used(owner))


def shelf_behind(request: HttpRequest) -> Shelf:
    """The shelf of the page from which an htmx request came."""
    typed = parse_qs(urlsplit(request.headers.get("HX-Current-URL", "")).query).get("q", [""])[0]
    try:
        return shelf_of(person(request), read_search(typed).canonical)
    except SearchRefusedError:
        return shelf_of(person(request), typed)


def kept_query(text: str) -> str:
    """What a link to the next page says besides its cursor."""
    return f"{urlencode({'q': text})}&" if text else ""
