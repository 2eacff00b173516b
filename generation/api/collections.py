"""Collections, saved searches, and what is done with many pictures at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from generation.api.base import ApiView, StrictSerializer, caller, checked
from generation.api.schema import WITH_BODY, answers
from generation.jobs import collecting, organizing
from generation.jobs.collecting import Folder
from generation.models import SavedSearch, SearchPlace, Visibility
from mjweb.accounts.models import User
from mjweb.common.saying import say

Deed = Callable[[User, list[UUID]], list[UUID]]
DEEDS: Final[Mapping[str, Deed]] = {
    "like": organizing.like_images,
    "unlike": lambda person, ids: organizing.like_images(person, ids, liked=False),
    "publish": lambda owner, ids: organizing.set_visibility(owner, ids, Visibility.PUBLIC),
    "unlist": lambda owner, ids: organizing.set_visibility(owner, ids, Visibility.UNLISTED),
    "unpublish": lambda owner, ids: organizing.set_visibility(owner, ids, Visibility.PRIVATE),
    "hide": organizing.hide_images,
    "unhide": lambda owner, ids: organizing.hide_images(owner, ids, hidden=False),
    "trash": organizing.trash_images,
    "restore": organizing.restore_images,
}
WITH_COLLECTION: Final = ("collect", "uncollect")


class OrganizeInput(StrictSerializer):
    """What to do with pictures of one's own; `like` and `unlike` take those of others too."""

    action = serializers.ChoiceField((*DEEDS, *WITH_COLLECTION))
    images = serializers.ListField(
        child=serializers.UUIDField(), min_length=1, max_length=organizing.MOST_AT_ONCE, help_text="Their ids."
    )
    collection = serializers.UUIDField(required=False, help_text="Into which, or out of which.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuses a collection where there is no use for one, and none where one is needed."""
        if (attrs["action"] in WITH_COLLECTION) != ("collection" in attrs):
            sentence = say("Collecting needs a collection, and nothing else has a use for one.")
            raise serializers.ValidationError({"collection": sentence}, code="not_applicable")
        return attrs


@extend_schema_serializer(component_name="Organized")
class OrganizedOutput(serializers.Serializer[Any]):
    """What it came to."""

    changed = serializers.IntegerField(help_text="How many pictures were not so before.")


class CollectionInput(StrictSerializer):
    """A collection's name and place."""

    name = serializers.CharField(help_text="Your own among your collections, whatever its case.")
    parent = serializers.UUIDField(  # type: ignore[assignment]  # DRF takes declared fields off the class
        required=False, allow_null=True, help_text="The one it lies in; null for none."
    )


@extend_schema_serializer(component_name="Collection")
class CollectionOutput(serializers.Serializer[Any]):
    """A folder of pictures. `GET /images?q=in:"name"` lists them, with those of the collections in it."""

    id = serializers.UUIDField(source="collection.pk")
    name = serializers.CharField(source="collection.name")
    parent = serializers.UUIDField(  # type: ignore[assignment]  # as above
        source="collection.parent_id", allow_null=True, help_text="The one it lies in."
    )
    path = serializers.ListField(child=serializers.CharField(), help_text="Names from the outermost to its own.")
    pictures = serializers.IntegerField(help_text="Its own, without the trash.")


@extend_schema_serializer(component_name="Collections")
class CollectionsOutput(serializers.Serializer[Any]):
    """All of one's own, each behind the one it lies in."""

    results = CollectionOutput(many=True)


class SavedSearchInput(StrictSerializer):
    """A search and its name."""

    name = serializers.CharField(help_text="One of the same name is changed.")
    q = serializers.CharField(help_text="As in `GET /images?q=`, or as in `GET /search?q=`.")
    place = serializers.ChoiceField(
        SearchPlace.choices, default=SearchPlace.MINE, help_text="Your own pictures, or those of the gallery."
    )


@extend_schema_serializer(component_name="SavedSearch")
class SavedSearchOutput(serializers.ModelSerializer[SavedSearch]):
    """A search with a name."""

    q = serializers.CharField(source="query", help_text="In its canonical form.")

    class Meta:
        model = SavedSearch
        fields = ("id", "name", "place", "q", "created_at")


@extend_schema_serializer(component_name="SavedSearches")
class SavedSearchesOutput(serializers.Serializer[Any]):
    """All of one's own, by name."""

    results = SavedSearchOutput(many=True)


class OrganizeView(ApiView):
    """Many pictures at once."""

    @extend_schema(
        operation_id="organize_images",
        summary="Like, collect, publish, hide, trash, restore",
        request=OrganizeInput,
        responses=answers(200, OrganizedOutput, *WITH_BODY, 404),
    )
    def post(self, request: Request) -> Response:
        """Does one thing with up to 1,000 pictures, or with none where one of them is not yours. Safe to repeat."""
        values = checked(OrganizeInput, request)
        action, ids = values["action"], values["images"]
        if action in WITH_COLLECTION:
            collected = action == "collect"
            changed = organizing.collect_images(caller(request), values["collection"], ids, collected=collected)
        else:
            changed = DEEDS[action](caller(request), ids)
        return Response({"changed": len(changed)})


class CollectionsView(ApiView):
    """One's own collections."""

    @extend_schema(operation_id="list_collections", summary="My collections", responses=answers(200, CollectionsOutput))
    def get(self, request: Request) -> Response:
        """Every collection, each behind the one it lies in."""
        return Response({"results": CollectionOutput(collecting.folders_of(caller(request)), many=True).data})

    @extend_schema(
        operation_id="create_collection",
        summary="New collection",
        request=CollectionInput,
        responses=answers(201, CollectionOutput, *WITH_BODY, 404),
    )
    def post(self, request: Request) -> Response:
        """An empty collection, behind the others."""
        values = checked(CollectionInput, request)
        made = collecting.create_collection(caller(request), values["name"], parent_id=values.get("parent"))
        return Response(_body(request, made.pk), status=status.HTTP_201_CREATED)


class CollectionView(ApiView):
    """One collection."""

    @extend_schema(
        operation_id="get_collection", summary="One collection", responses=answers(200, CollectionOutput, 404)
    )
    def get(self, request: Request, collection_id: UUID) -> Response:
        """Name, place and how many pictures."""
        return Response(_body(request, collection_id))

    @extend_schema(
        operation_id="set_collection",
        summary="Rename or move a collection",
        request=CollectionInput,
        responses=answers(200, CollectionOutput, *WITH_BODY, 404),
    )
    def put(self, request: Request, collection_id: UUID) -> Response:
        """Renames it; with `parent`, moves it too. Saved searches that name it are changed along."""
        values = checked(CollectionInput, request)
        collecting.change_collection(caller(request), collection_id, **values)
        return Response(_body(request, collection_id))

    @extend_schema(
        operation_id="delete_collection", summary="Delete a collection", responses=answers(204, None, 403, 404)
    )
    def delete(self, request: Request, collection_id: UUID) -> Response:
        """Its pictures stay, and what lies in it moves to where it lay itself."""
        collecting.delete_collection(caller(request), collection_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


class SavedSearchesView(ApiView):
    """One's own saved searches."""

    @extend_schema(
        operation_id="list_saved_searches", summary="My saved searches", responses=answers(200, SavedSearchesOutput)
    )
    def get(self, request: Request) -> Response:
        """Every search that has a name."""
        rows = SavedSearch.objects.owned_by(caller(request)).order_by("place", "name")
        return Response({"results": SavedSearchOutput(rows, many=True).data})

    @extend_schema(
        operation_id="save_search",
        summary="Save a search",
        request=SavedSearchInput,
        responses=answers(200, SavedSearchOutput, *WITH_BODY),
    )
    def post(self, request: Request) -> Response:
        """Keeps a search under a name, or changes the one of this name."""
        values = checked(SavedSearchInput, request)
        kept = collecting.keep_search(caller(request), values["name"], values["q"], values["place"])
        return Response(SavedSearchOutput(kept).data)


class SavedSearchView(ApiView):
    """One saved search."""

    @extend_schema(
        operation_id="delete_saved_search", summary="Drop a saved search", responses=answers(204, None, 403, 404)
    )
    def delete(self, request: Request, search_id: UUID) -> Response:
        """The pictures that it finds stay."""
        collecting.forget_search(caller(request), search_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _body(request: Request, collection_id: UUID) -> dict[str, Any]:
    """As the list shows it.

    Raises:
        CollectionNotFoundError: it is not this person's own.
    """
    collecting.own_collection(caller(request), collection_id)
    folders: list[Folder] = collecting.folders_of(caller(request))
    return dict(CollectionOutput(next(one for one in folders if one.collection.pk == collection_id)).data)
