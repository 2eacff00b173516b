"""What a picture must fulfill to be found: the terms of a search as conditions on publications.

What tells a word of a prompt counts only where its author shows the prompt, or for the author: what is left out may not
tell it either.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from functools import reduce
from operator import and_, or_
from typing import Final

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.search import SearchQuery
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from gallery.models.publication import PublicationQuerySet
from gallery.search._marks import AnyOf, model_mark, near_marks, tag_mark
from gallery.search._tokens import asked_tokens, is_sign
from generation.errors import SearchRefusedError
from generation.jobs.search_keys import MYSELF, days_of, likes_of, ratio_of
from generation.jobs.searching import WORDS, Search, Term
from generation.models import Checkpoint, JobKind, Like
from mjweb.accounts.models import User

Viewer = User | AnonymousUser
Condition = Callable[[Viewer, str], Q]
LANGUAGE: Final = "english"
"""Ends of words are cut as in English; words of other languages stay nearly as they are."""
NOTHING: Final = Q(pk__in=())


def fulfilling(publications: PublicationQuerySet, viewer: Viewer, search: Search) -> PublicationQuerySet:
    """Those that fulfill every condition of a search; its loose words are none.

    Raises:
        SearchRefusedError: it asks for what is the viewer's own, and nobody is signed in.
    """
    for group in search.groups:
        if not group[0].is_loose:
            publications = publications.filter(reduce(or_, (_condition(viewer, term) for term in group)))
    return publications


def readable_to(viewer: Viewer) -> Q:
    """Publications whose prompt this person may read."""
    shown = Q(shows_prompt=True)
    return shown | Q(author=viewer) if viewer.is_authenticated else shown


def query_of(words: str) -> SearchQuery | None:
    """A query for words as they stand beside each other; None where there is nothing to look for."""
    tokens = asked_tokens(words)
    if len(tokens) == 1 and is_sign(tokens[0]):
        return SearchQuery(f"{tokens[0]}:*", config="simple", search_type="raw")
    return SearchQuery(" ".join(tokens), config=LANGUAGE, search_type="phrase") if tokens else None


def _condition(viewer: Viewer, term: Term) -> Q:
    condition = CONDITIONS[term.key](viewer, term.value)
    return ~condition if term.is_negated else condition


def _words(viewer: Viewer, value: str) -> Q:
    """The index knows no words such as "on" and no ends of words: several words are held against the prompt as well."""
    query = query_of(value)
    if query is None:
        return NOTHING
    found = Q(words=query) & readable_to(viewer)
    return found & Q(image__job__prompt__icontains=value) if len(value.split()) > 1 else found


def _shape(viewer: Viewer, value: str) -> Q:
    if value in {"portrait", "landscape"}:
        return Q(words=AnyOf(f"shape:{value}"))
    if value == "square":
        return Q(words=AnyOf(*near_marks(ratio_of("1:1"))))
    near = Q(words=AnyOf(*near_marks(ratio_of(value))))
    return near | (Q(words=AnyOf(f"ar:{value}")) & readable_to(viewer))


def _model(_viewer: Viewer, value: str) -> Q:
    named = Q(name__iexact=value) | Q(card_values__title__icontains=value)
    names = Checkpoint.objects.filter(named).values_list("name", flat=True)
    return Q(words=AnyOf(*map(model_mark, names))) if names else NOTHING


def _kind(_viewer: Viewer, value: str) -> Q:
    return Q(words=AnyOf(f"kind:{value}"))


def _state(viewer: Viewer, value: str) -> Q:
    return STATES[value](viewer, value)


def _liked(viewer: Viewer, _value: str) -> Q:
    if not viewer.is_authenticated:
        raise _sign_in("is:liked")
    return Q(Exists(Like.objects.filter(image=OuterRef("image"), person=viewer)))


def _author(viewer: Viewer, value: str) -> Q:
    if value != MYSELF:
        people = User.objects.filter(username__iexact=value, is_active=True)
        return Q(author__in=list(people.values_list("pk", flat=True)))
    if not viewer.is_authenticated:
        raise _sign_in("by:me")
    return Q(author=viewer)


def _sign_in(term: str) -> SearchRefusedError:
    sentence = _("Sign in to search with %(term)s.") % {"term": term}
    return SearchRefusedError(sentence, errors=[{"code": "sign_in", "sentence": sentence, "field": "q"}])


def _likes(_viewer: Viewer, value: str) -> Q:
    least, end = likes_of(value)
    enough = Q(likes_count__gte=least)
    return enough if end is None else enough & Q(likes_count__lt=end)


def _after(_viewer: Viewer, value: str) -> Q:
    return Q(published_at__gte=_midnight(days_of(value).first))


def _before(_viewer: Viewer, value: str) -> Q:
    return Q(published_at__lt=_midnight(days_of(value).first))


def _on(_viewer: Viewer, value: str) -> Q:
    days = days_of(value)
    return Q(published_at__gte=_midnight(days.first), published_at__lt=_midnight(days.end))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)


def _seed(viewer: Viewer, value: str) -> Q:
    return Q(words=AnyOf(f"seed:{value}")) & readable_to(viewer)


def _style(viewer: Viewer, value: str) -> Q:
    return Q(words=AnyOf(f"style:{value}")) & readable_to(viewer)


def _tag(viewer: Viewer, value: str) -> Q:
    """Whole words, to the letter, and several beside each other. Scripts without spaces have no borders of words."""
    tokens, query = asked_tokens(value), query_of(value)
    if query is None:
        return NOTHING
    if not value.isascii():
        return Q(words=query) & readable_to(viewer)
    whole = reduce(and_, (Q(words=AnyOf(tag_mark(token))) for token in tokens), readable_to(viewer))
    return whole & Q(words=query) if len(tokens) > 1 else whole


STATES: Final[Mapping[str, Condition]] = {
    "liked": _liked,
    "upscaled": lambda viewer, _value: _kind(viewer, JobKind.UPSCALE),
    "remix": lambda viewer, _value: _kind(viewer, JobKind.REMIX),
}
CONDITIONS: Final[Mapping[str, Condition]] = {
    WORDS: _words,
    "ar": _shape,
    "model": _model,
    "kind": _kind,
    "is": _state,
    "after": _after,
    "before": _before,
    "on": _on,
    "seed": _seed,
    "style": _style,
    "tag": _tag,
    "likes": _likes,
    "by": _author,
}
