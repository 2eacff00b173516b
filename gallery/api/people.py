"""People: their page, how one stands to them, and what one is told of others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from gallery.models import Notification, NotificationKind
from gallery.selectors.notifications import newest_people, notifications_of, told, unread_count
from gallery.selectors.people import profile_page
from gallery.services import notifying, standing
from generation.api.base import ApiView, StrictSerializer, caller, checked, requested_limit
from generation.api.schema import PAGING, WITH_BODY, answers
from mjweb.accounts.models import User

MOST_IDS: Final = 200
Stand = Callable[[User, str], User]


@extend_schema_serializer(component_name="Standing")
class StandingOutput(serializers.Serializer[Any]):
    """How you stand to somebody. People whom you have blocked are not found at all."""

    is_self = serializers.BooleanField()
    follows = serializers.BooleanField(help_text="Whether you follow them.")
    is_followed = serializers.BooleanField(help_text="Whether they follow you.")
    mutes = serializers.BooleanField(help_text="Whether you have muted them.")


@extend_schema_serializer(component_name="Person")
class PersonOutput(serializers.Serializer[Any]):
    """Somebody's page. The numbers are of what you may see."""

    name = serializers.CharField(source="person.username")
    about = serializers.CharField()
    banner = serializers.UUIDField(source="banner.pk", allow_null=True, default=None, help_text="The id of an image.")
    pictures = serializers.IntegerField()
    likes = serializers.IntegerField(help_text="Of all their public pictures.")
    followers = serializers.IntegerField()
    following = serializers.IntegerField()
    standing = StandingOutput()


class PersonView(ApiView):
    """Somebody."""

    @extend_schema(operation_id="get_person", summary="A person", responses=answers(200, PersonOutput, 404))
    def get(self, request: Request, username: str) -> Response:
        """By their name, whatever its case."""
        return _person(request, username)


class FollowView(ApiView):
    """Following somebody."""

    @extend_schema(
        operation_id="follow_person",
        summary="Follow",
        request=None,
        responses=answers(200, PersonOutput, 403, 404, 409),
    )
    def put(self, request: Request, username: str) -> Response:
        """Their pictures come into your following feed, and they are told once."""
        return _stand(request, username, standing.follow_person)

    @extend_schema(
        operation_id="unfollow_person",
        summary="Follow no longer",
        request=None,
        responses=answers(200, PersonOutput, 403, 404, 409),
    )
    def delete(self, request: Request, username: str) -> Response:
        """They are not told."""
        return _stand(request, username, standing.unfollow_person)


class MuteView(ApiView):
    """Muting somebody."""

    @extend_schema(
        operation_id="mute_person", summary="Mute", request=None, responses=answers(200, PersonOutput, 403, 404, 409)
    )
    def put(self, request: Request, username: str) -> Response:
        """They stand in none of your lists and do not notify you. They never learn it."""
        return _stand(request, username, standing.mute_person)

    @extend_schema(
        operation_id="unmute_person",
        summary="Mute no longer",
        request=None,
        responses=answers(200, PersonOutput, 403, 404, 409),
    )
    def delete(self, request: Request, username: str) -> Response:
        """As before."""
        return _stand(request, username, standing.unmute_person)


class BlockView(ApiView):
    """Blocking somebody."""

    @extend_schema(
        operation_id="block_person", summary="Block", request=None, responses=answers(204, None, 403, 404, 409)
    )
    def put(self, request: Request, username: str) -> Response:
        """Neither of you sees the other's pictures, comments and page any more, or can act on them."""
        standing.block_person(caller(request), username)
        return Response(status=204)

    @extend_schema(
        operation_id="unblock_person",
        summary="Block no longer",
        request=None,
        responses=answers(204, None, 403, 404, 409),
    )
    def delete(self, request: Request, username: str) -> Response:
        """As before, without the follows."""
        standing.unblock_person(caller(request), username)
        return Response(status=204)


@extend_schema_serializer(component_name="Notification")
class NotificationOutput(serializers.Serializer[Any]):
    """One line: what happens again before it is read joins it."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(NotificationKind.choices)
    sentence = serializers.CharField(help_text="For people.")
    people = serializers.ListField(child=serializers.CharField(), help_text="The names of the newest two who did it.")
    people_count = serializers.IntegerField()
    image = serializers.UUIDField(allow_null=True, help_text="The picture that it is about.")
    target = serializers.CharField(help_text="The id of the comment, remix or decision; empty where there is none.")
    updated_at = serializers.DateTimeField()
    read_at = serializers.DateTimeField(allow_null=True)


@extend_schema_serializer(component_name="NotificationPage")
class NotificationPageOutput(serializers.Serializer[Any]):
    """A page of notifications, what changed last first."""

    results = NotificationOutput(many=True)
    next_cursor = serializers.CharField(allow_null=True, help_text="Null on the last page.")
    unread = serializers.IntegerField(help_text="How many lines are unread; counted up to 100.")


class ReadInput(StrictSerializer):
    """Which lines are read; without ids all of them."""

    ids = serializers.ListField(child=serializers.UUIDField(), required=False, max_length=MOST_IDS)


@extend_schema_serializer(component_name="Read")
class ReadOutput(serializers.Serializer[Any]):
    """What it came to."""

    changed = serializers.IntegerField(help_text="How many were not read before.")


class NotificationsView(ApiView):
    """One's own notifications."""

    @extend_schema(
        operation_id="list_notifications",
        summary="My notifications",
        parameters=[*PAGING],
        responses=answers(200, NotificationPageOutput, 422),
    )
    def get(self, request: Request) -> Response:
        """What others did."""
        person = caller(request)
        page = notifications_of(person, cursor=request.query_params.get("cursor"), size=requested_limit(request))
        body = {
            "results": [_line(line) for line in page.rows],
            "next_cursor": page.next_cursor,
            "unread": unread_count(person),
        }
        return Response(NotificationPageOutput(body).data)


class NotificationsReadView(ApiView):
    """Reading notifications."""

    @extend_schema(
        operation_id="read_notifications",
        summary="Mark notifications as read",
        request=ReadInput,
        responses=answers(200, ReadOutput, *WITH_BODY),
    )
    def post(self, request: Request) -> Response:
        """These, or without ids all of them. Ids of others' notifications change nothing."""
        changed = notifying.mark_read(caller(request), checked(ReadInput, request).get("ids"))
        return Response(ReadOutput({"changed": changed}).data)


def _stand(request: Request, username: str, how: Stand) -> Response:
    return _person(request, how(caller(request), username).username)


def _person(request: Request, username: str) -> Response:
    return Response(PersonOutput(profile_page(caller(request), username)).data)


def _line(line: Notification) -> dict[str, Any]:
    return {
        "id": line.pk,
        "kind": line.kind,
        "sentence": told(line),
        "people": [person.username for person in newest_people(line)],
        "people_count": line.people_count,
        "image": line.image_id,
        "target": line.target,
        "updated_at": line.updated_at,
        "read_at": line.read_at,
    }
