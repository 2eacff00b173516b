"""Search: by words, by what pictures show, by a picture, by facts; and a picture that is brought to search with."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from gallery.models import Publication
from gallery.search import UPLOAD, Results, Sought, find, similar_picture
from gallery.views.facets import Choice, Menu, facet_menus, term_chips
from generation.jobs.search_keys import Key, keys_of
from generation.jobs.searching import Search, read_search
from generation.jobs.uploads import keep_file
from generation.models import Checkpoint, Image, SavedSearch, SearchPlace, Upload
from mjweb.accounts.models import User
from mjweb.accounts.people import person
from mjweb.common.access import browsing, member
from mjweb.common.errors import InvalidInputError, MjwebError


@dataclass(frozen=True, slots=True)
class SearchPage:
    """The page.

    text: what was typed; named: the picture that others shall be similar to, as the address names it; refusal: why
    nothing was searched, and then there is nothing to show. searches: those that the viewer has saved.
    """

    text: str
    named: str
    similar: Image | Upload | None
    search: Search
    results: Results
    refusal: MjwebError | None
    menus: tuple[Menu, ...]
    chips: tuple[Choice, ...]
    searches: tuple[SavedSearch, ...]

    @property
    def pictures(self) -> list[Publication]:
        """Everything that was found."""
        return [found.publication for found in self.results.rows]

    @property
    def is_ranked(self) -> bool:
        """Whether the best come first, and not the newest."""
        return bool(self.search.words or self.similar)

    @property
    def is_of_upload(self) -> bool:
        """Whether the picture was brought along."""
        return isinstance(self.similar, Upload)

    @property
    def kept(self) -> str:
        """What links to the same picture with other terms say besides them."""
        return f"&{urlencode({'similar': self.named})}" if self.named else ""

    @property
    def last_chip(self) -> Choice | None:
        """The term that was added last, which a search that finds nothing can do without."""
        return self.chips[-1] if self.chips else None

    @property
    def saved(self) -> SavedSearch | None:
        """The saved search that the page shows."""
        return next((one for one in self.searches if one.query == self.search.canonical), None)

    @property
    def keys(self) -> list[Key]:
        """The filters that it understands."""
        return list(keys_of(SearchPlace.GALLERY).values())


@browsing
@require_safe
@vary_on_headers("HX-Request")
def search(request: HttpRequest) -> HttpResponse:
    """What a search finds of what everybody shows, best first; for htmx, the next page's tiles alone."""
    text, named = request.GET.get("q", "").strip(), request.GET.get("similar", "")
    kept_query = f"{urlencode({key: value for key, value in (('q', text), ('similar', named)) if value})}&"
    similar = similar_picture(request.user, named)
    if "HX-Request" in request.headers:
        sought = _sought(request, read_search(text, SearchPlace.GALLERY), similar)
        page = find(sought, cursor=request.GET.get("cursor"))
        context = {"page": page, "kept_query": kept_query, "is_ranked": sought.is_ranked}
        return render(request, "gallery/_search_tiles.html", context)
    shown = search_page(request, text, named, similar)
    context = {"shown": shown, "page": shown.results, "kept_query": kept_query, "is_ranked": shown.is_ranked}
    return render(request, "gallery/search.html", context, status=shown.refusal.status if shown.refusal else 200)


@member
@require_POST
def by_picture(request: HttpRequest) -> HttpResponse:
    """Keeps a picture that was brought along, and searches for similar ones."""
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        raise InvalidInputError(_("Choose a picture to search with."), parameter="file")
    upload = keep_file(person(request), file)
    return redirect(f"{reverse('search')}?{urlencode({'similar': f'{UPLOAD}{upload.pk}'})}")


def search_page(request: HttpRequest, text: str, named: str, similar: Image | Upload | None) -> SearchPage:
    """Everything that the page shows; a search that cannot be answered finds nothing and says why."""
    terms, refusal, results = Search(), None, Results([], None)
    try:
        terms = read_search(text, SearchPlace.GALLERY)
        results = find(_sought(request, terms, similar), cursor=request.GET.get("cursor"))
    except MjwebError as error:
        refusal = error
    models = Checkpoint.objects.usable().order_by("name")
    return SearchPage(
        text=text,
        named=named,
        similar=similar,
        search=terms,
        results=results,
        refusal=refusal,
        menus=facet_menus(terms, models, is_member=request.user.is_authenticated),
        chips=term_chips(terms),
        searches=_saved(request),
    )


def _sought(request: HttpRequest, terms: Search, similar: Image | Upload | None) -> Sought:
    return Sought(request.user, terms, similar, asker=f"visitor:{request.META.get('REMOTE_ADDR', '')}")


def _saved(request: HttpRequest) -> tuple[SavedSearch, ...]:
    if not isinstance(request.user, User):
        return ()
    return tuple(SavedSearch.objects.owned_by(request.user).of(SearchPlace.GALLERY).order_by("name"))
