"""What people show: the feeds, one picture with its likes, and the heart."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from gallery.models import Publication
from gallery.selectors import Feed, Within, explore_feed
from gallery.services.liking import like_picture, liked_picture
from generation.api.base import ApiView, StrictSerializer, caller, requested_limit
from generation.api.outputs import ImageOutput, image_bodies
from generation.api.schema import PAGING, answers
from generation.models.image import Level


class FeedInput(StrictSerializer):
    """Which feed; what pages are asked for by is read elsewhere."""

    feed = serializers.ChoiceField([feed.value for feed in Feed], default=Feed.NEW)
    within = serializers.ChoiceField([within.value for within in Within], default=Within.ALL)


@extend_schema_serializer(component_name="Publication")
class PublicationOutput(serializers.Serializer[Any]):
    """A picture that its owner shows."""

    image = ImageOutput()
    author = serializers.CharField(source="author.username")
    published_at = serializers.DateTimeField()
    likes = serializers.IntegerField(source="likes_count")
    is_liked = serializers.BooleanField(help_text="Whether you like it.")
    comments = serializers.IntegerField(source="comments_count")
    level = serializers.ChoiceField(Level.choices, help_text="0 for everybody, 1 sensitive, 2 explicit.")


@extend_schema_serializer(component_name="PublicationPage")
class PublicationPageOutput(serializers.Serializer[Any]):
    """A page of a feed."""

    results = PublicationOutput(many=True)
    next_cursor = serializers.CharField(allow_null=True, help_text="Null on the last page.")


class PublicationsView(ApiView):
    """The gallery."""

    @extend_schema(
        operation_id="list_publications",
        summary="The gallery",
        parameters=[
            OpenApiParameter("feed", str, enum=list(Feed), default=Feed.NEW, description="The order."),
            OpenApiParameter(
                "within", str, enum=list(Within), default=Within.ALL, description="How old at most, of `top` alone."
            ),
            *PAGING,
        ],
        responses=answers(200, PublicationPageOutput, 422),
    )
    def get(self, request: Request) -> Response:
        """Public pictures of everybody, or of those whom you follow, or those that you like."""
        asked = {name: request.query_params[name] for name in ("feed", "within") if name in request.query_params}
        choice = FeedInput(data=asked)
        choice.is_valid(raise_exception=True)
        page = explore_feed(
            caller(request),
            feed=Feed(choice.validated_data["feed"]),
            within=Within(choice.validated_data["within"]),
            cursor=request.query_params.get("cursor"),
            size=requested_limit(request),
        )
        return Response({"results": publication_bodies(request, page.rows), "next_cursor": page.next_cursor})


class PublicationView(ApiView):
    """One picture of the gallery."""

    @extend_schema(
        operation_id="get_publication",
        summary="One picture of the gallery",
        responses=answers(200, PublicationOutput, 404),
    )
    def get(self, request: Request, image_id: UUID) -> Response:
        """By the id of its image."""
        return Response(publication_bodies(request, [liked_picture(caller(request), image_id)])[0])


class LikeView(ApiView):
    """The heart on a picture of the gallery."""

    @extend_schema(
        operation_id="like_publication",
        summary="Like a picture",
        request=None,
        responses=answers(200, PublicationOutput, 403, 404),
    )
    def put(self, request: Request, image_id: UUID) -> Response:
        """Liking it twice counts once."""
        shown = like_picture(caller(request), image_id)
        return Response(publication_bodies(request, [shown])[0])

    @extend_schema(
        operation_id="unlike_publication",
        summary="Like a picture no longer",
        request=None,
        responses=answers(200, PublicationOutput, 403, 404),
    )
    def delete(self, request: Request, image_id: UUID) -> Response:
        """The same answer whether or not it was liked."""
        shown = like_picture(caller(request), image_id, is_liked=False)
        return Response(publication_bodies(request, [shown])[0])


def publication_bodies(request: Request, publications: list[Publication]) -> list[dict[str, Any]]:
    """The bodies of these publications, in their order. Their images, jobs and authors must have been selected too."""
    images = image_bodies(request, [publication.image for publication in publications])
    rows = zip(publications, images, strict=True)
    return [{**PublicationFacts(publication).data, "image": image} for publication, image in rows]


class PublicationFacts(PublicationOutput):
    """All but the picture, whose body is made for a whole page at once."""

    image = None  # type: ignore[assignment]
