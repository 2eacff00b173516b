"""Search over the gallery: the same language, order and reasons as the page."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from gallery.api.publications import PublicationOutput, publication_bodies
from gallery.search import Found, Sought, find, similar_picture
from generation.api.base import ApiView, caller, requested_limit
from generation.api.schema import PAGING, answers
from generation.jobs.searching import read_search
from generation.models import SearchPlace

RANKINGS = ("words", "meaning", "picture")


@extend_schema_serializer(component_name="Why")
class WhyOutput(serializers.Serializer[Any]):
    """Why a picture was found."""

    by = serializers.ListField(
        child=serializers.ChoiceField(RANKINGS),
        help_text="Its prompt has the words, it looks like them, it looks like the picture; empty where it only fits.",
    )
    words = serializers.ListField(child=serializers.CharField(), help_text="Of the search, those that its prompt has.")
    sentence = serializers.CharField(help_text="For people.")


@extend_schema_serializer(component_name="Found")
class FoundOutput(PublicationOutput):
    """A picture of the gallery that was found."""

    why = WhyOutput()


@extend_schema_serializer(component_name="FoundPage")
class FoundPageOutput(serializers.Serializer[Any]):
    """A page of what was found, the best first; the newest first where only filters were asked for."""

    results = FoundOutput(many=True)
    next_cursor = serializers.CharField(allow_null=True, help_text="Null on the last page.")
    notice = serializers.CharField(help_text="What could not be looked at, for people; empty where all was.")


QUERY = OpenApiParameter(
    "q",
    OpenApiTypes.STR,
    description="Words, and filters such as `by:ann model:starter ar:16:9 style:watercolor likes:10 is:remix "
    "after:2026-01-31 -tag:cat`. Words in quotes must stand in the prompt; others may also be seen in the picture.",
)
SIMILAR = OpenApiParameter(
    "similar", OpenApiTypes.STR, description="The id of a picture, or `upload:` and the id of an upload of yours."
)


class SearchView(ApiView):
    """Search over the gallery."""

    @extend_schema(
        operation_id="search",
        summary="Search the gallery",
        parameters=[QUERY, SIMILAR, *PAGING],
        responses=answers(200, FoundPageOutput, 404, 409, 422, 429, 503),
    )
    def get(self, request: Request) -> Response:
        """Public pictures by words, by what they show, by similarity, by facts; each with the reason why.

        Of ranked results there are 400 at most.
        """
        user = caller(request)
        search = read_search(request.query_params.get("q", ""), SearchPlace.GALLERY)
        similar = similar_picture(user, request.query_params.get("similar", ""))
        cursor = request.query_params.get("cursor")
        results = find(Sought(user, search, similar), cursor=cursor, size=requested_limit(request))
        bodies = publication_bodies(request, [found.publication for found in results.rows])
        rows = [{**body, "why": _why(found)} for body, found in zip(bodies, results.rows, strict=True)]
        return Response({"results": rows, "next_cursor": results.next_cursor, "notice": results.notice})


def _why(found: Found) -> dict[str, Any]:
    why = found.why
    return {"by": list(why.by), "words": list(why.words), "sentence": why.sentence}
