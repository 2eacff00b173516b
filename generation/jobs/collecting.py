"""Collections, and searches that are kept: named, put into each other, dropped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Count, Max, OuterRef, Q, Subquery

from generation.errors import CollectionNotFoundError, CollectionRefusedError, SavedSearchNotFoundError
from generation.jobs.searching import MOST_CHARS, read_search
from generation.models import Collection, CollectionItem, Image, SavedSearch, SearchPlace
from mjweb.accounts.models import User
from mjweb.common.saying import say

MOST_COLLECTIONS: Final = 200
MOST_SEARCHES: Final = 100
MOST_NAME_CHARS: Final = 80
DEEPEST: Final = 4
"""A collection, one in it, and so on: how many levels there may be."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A collection as lists show it.

    path: the names from the outermost to its own. pictures: how many it has itself that its owner still sees.
    cover: the id of the picture that came last; None where it has none.
    """

    collection: Collection
    path: tuple[str, ...]
    pictures: int
    cover: UUID | None

    @property
    def depth(self) -> int:
        """0 for one that lies in no other."""
        return len(self.path) - 1


def folders_of(user: User) -> list[Folder]:
    """This person's collections, each behind the one it lies in, in two queries at most."""
    seen = Image.objects.visible_to(user)
    kept = Q(items__image__in=seen)
    last = CollectionItem.objects.filter(collection=OuterRef("pk"), image__in=seen).order_by("-added_at", "-pk")
    rows = (
        Collection.objects.owned_by(user)
        .annotate(pictures=Count("items", filter=kept), cover=Subquery(last.values("image_id")[:1]))
        .order_by("position", "pk")
    )
    return _nested(list(rows), None, ())


def own_collection(owner: User, collection_id: UUID) -> Collection:
    """The collection, which must be this person's own.

    Raises:
        CollectionNotFoundError: it is not.
    """
    found = Collection.objects.owned_by(owner).filter(pk=collection_id).first()
    if found is None:
        msg = say("There is no such collection of yours.")
        raise CollectionNotFoundError(msg)
    return found


@transaction.atomic
def create_collection(owner: User, name: str, *, parent_id: UUID | None = None) -> Collection:
    """New collection, behind the others.

    Raises:
        CollectionRefusedError: the name is empty, too long or taken, it would lie too deep, or there are too many.
        CollectionNotFoundError: the one that it shall lie in is not this person's.
    """
    others = _locked(owner)
    if len(others) >= MOST_COLLECTIONS:
        raise CollectionRefusedError(
            say("You have {count} collections already, as many as one may.", count=MOST_COLLECTIONS)
        )
    parent = own_collection(owner, parent_id) if parent_id else None
    name = _free_name(name, [other.name for other in others])
    collection = Collection(owner=owner, name=name, parent=parent, position=_behind(owner, parent))
    _refuse_depth(collection, others)
    return _saved(collection)


@transaction.atomic
def rename_collection(owner: User, collection_id: UUID, name: str) -> Collection:
    """Rename. Saved searches that name it by its old name are changed along.

    Raises:
        CollectionNotFoundError, CollectionRefusedError: as `create_collection`.
    """
    others = _locked(owner)
    collection = own_collection(owner, collection_id)
    before = collection.name
    collection.name = _free_name(name, [other.name for other in others if other != collection])
    _saved(collection)
    _follow_name(owner, before, collection.name)
    return collection


@transaction.atomic
def move_collection(owner: User, collection_id: UUID, *, parent_id: UUID | None) -> Collection:
    """Move into another collection, behind those that lie there; None: into none.

    Raises:
        CollectionNotFoundError: one of the two is not this person's.
        CollectionRefusedError: it would lie in itself, or too deep.
    """
    others = _locked(owner)
    collection = own_collection(owner, collection_id)
    parent = own_collection(owner, parent_id) if parent_id else None
    if collection.parent_id == parent_id:
        return collection
    collection.parent, collection.position = parent, _behind(owner, parent)
    _refuse_depth(collection, [other for other in others if other != collection])
    collection.save(update_fields=["parent", "position"])
    return collection


@transaction.atomic
def shift_collection(owner: User, collection_id: UUID, *, by: Literal[-1, 1]) -> Collection:
    """Earlier (-1) or later (1) by one place among those that lie in the same one; at the end it stays.

    Raises:
        CollectionNotFoundError: it is not this person's own.
    """
    _locked(owner)
    collection = own_collection(owner, collection_id)
    beside = Collection.objects.owned_by(owner).filter(parent=collection.parent).order_by("position", "pk")
    order = list(beside)
    at = order.index(collection)
    order.insert(max(0, at + by), order.pop(at))
    for position, row in enumerate(order):
        row.position = position
    Collection.objects.bulk_update(order, ["position"])
    return collection


@transaction.atomic
def change_collection(owner: User, collection_id: UUID, *, name: str, **place: UUID | None) -> Collection:
    """Rename, and with `parent` move as well: both or neither.

    Raises:
        CollectionNotFoundError, CollectionRefusedError: as `rename_collection` and `move_collection`.
    """
    if "parent" in place:
        move_collection(owner, collection_id, parent_id=place["parent"])
    return rename_collection(owner, collection_id, name)


@transaction.atomic
def delete_collection(owner: User, collection_id: UUID) -> None:
    """Delete: its pictures stay, and what lies in it moves to where it lay itself.

    Raises:
        CollectionNotFoundError: it is not this person's own.
    """
    collection = own_collection(owner, collection_id)
    collection.children.update(parent=collection.parent)
    collection.delete()


@transaction.atomic
def keep_search(owner: User, name: str, query: str, place: SearchPlace = SearchPlace.MINE) -> SavedSearch:
    """Save a search of a place under a name; one of the same name is changed.

    Raises:
        SearchRefusedError: it cannot be read.
        CollectionRefusedError: the name or the search is empty, the name is too long, or there are too many.
    """
    search = read_search(query, place)
    if not search.terms:
        raise CollectionRefusedError(say("A search for everything needs no name. Write what it looks for first."))
    _locked(owner)
    name = _free_name(name, [])
    own = SavedSearch.objects.owned_by(owner).of(place)
    kept = own.filter(name__iexact=name).first()
    if kept is None and own.count() >= MOST_SEARCHES:
        raise CollectionRefusedError(
            say("You have {count} saved searches already, as many as one may.", count=MOST_SEARCHES)
        )
    kept = kept or SavedSearch(owner=owner, place=place)
    kept.name, kept.query = name, search.canonical
    kept.save()
    return kept


def forget_search(owner: User, search_id: UUID) -> SavedSearch:
    """Drop a saved search. Returns what it was.

    Raises:
        SavedSearchNotFoundError: it is not this person's own.
    """
    kept = SavedSearch.objects.owned_by(owner).filter(pk=search_id).first()
    if kept is None:
        msg = say("There is no such search of yours.")
        raise SavedSearchNotFoundError(msg)
    kept.delete()
    return kept


def _nested(rows: list[Collection], parent_id: UUID | None, path: tuple[str, ...]) -> list[Folder]:
    folders: list[Folder] = []
    for row in rows:
        if row.parent_id == parent_id:
            here = (*path, row.name)
            folders.append(Folder(row, here, row.pictures, row.cover))  # type: ignore[attr-defined]  # annotated
            folders += _nested(rows, row.pk, here)
    return folders


def _locked(owner: User) -> list[Collection]:
    """All of a person's collections; two changes at once could put one into the other, or use up the last place."""
    User.objects.select_for_update().get(pk=owner.pk)
    return list(Collection.objects.owned_by(owner))


def _behind(owner: User, parent: Collection | None) -> int:
    last = Collection.objects.owned_by(owner).filter(parent=parent).aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def _free_name(name: str, taken: list[str]) -> str:
    """The name with single spaces, if it can be had. Quotes could not be written in a search."""
    name = " ".join("".join(sign if sign.isprintable() else " " for sign in name).split())
    if not name:
        raise CollectionRefusedError(say("A name is needed."))
    if len(name) > MOST_NAME_CHARS:
        raise CollectionRefusedError(say("A name has at most {most} characters.", most=MOST_NAME_CHARS))
    if '"' in name:
        raise CollectionRefusedError(say('A name has no " in it, for searches put it in quotes.'))
    if name.lower() in {other.lower() for other in taken}:
        raise CollectionRefusedError(say("You have a collection “{name}” already.", name=name))
    return name


def _saved(collection: Collection) -> Collection:
    """The database's idea of the same name, in another script, may be wider than ours."""
    try:
        with transaction.atomic():
            collection.save()
    except IntegrityError as error:
        raise CollectionRefusedError(say("You have a collection “{name}” already.", name=collection.name)) from error
    return collection


def _refuse_depth(collection: Collection, others: list[Collection]) -> None:
    """Walks up to the outermost and down to the innermost, with every other row at hand."""
    parents = {other.pk: other.parent_id for other in others}
    above, levels = collection.parent_id, 1
    while above is not None:
        if above == collection.pk or above not in parents:
            raise CollectionRefusedError(say("A collection cannot lie in itself."))
        above, levels = parents[above], levels + 1
    if levels + _levels_below(collection.pk, parents) > DEEPEST:
        raise CollectionRefusedError(say("Collections lie in each other at most {most} deep.", most=DEEPEST))


def _levels_below(pk: UUID, parents: dict[UUID, UUID | None]) -> int:
    return max((1 + _levels_below(child, parents) for child, parent in parents.items() if parent == pk), default=0)


def _follow_name(owner: User, before: str, after: str) -> None:
    """A search that would become too long keeps the old name, and says that there is no such collection."""
    for saved in SavedSearch.objects.owned_by(owner).of(SearchPlace.MINE).filter(query__icontains=before):
        renamed = read_search(saved.query).with_collection_renamed(before, after).canonical
        if len(renamed) <= MOST_CHARS:
            saved.query = renamed
            saved.save(update_fields=["query"])
