"""What people say below a picture."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_serializer
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from gallery.models import Comment
from gallery.selectors import comments as selectors
from gallery.services.commenting import delete_comment, edit_comment, post_comment
from generation.api.base import ApiView, StrictSerializer, caller, checked, requested_limit
from generation.api.schema import PAGING, WITH_BODY, answers


class CommentInput(StrictSerializer):
    """What is said. Its length is told by the service, in one sentence for everybody."""

    text = serializers.CharField(trim_whitespace=False, help_text="1 to 2,000 characters of plain text.")


class NewCommentInput(CommentInput):
    """What is said, and to whom."""

    answered = serializers.UUIDField(
        required=False,
        allow_null=True,
        help_text="The comment that it answers. An answer's own answer stands beside it.",
    )


@extend_schema_serializer(component_name="Answer")
class AnswerOutput(serializers.Serializer[Any]):
    """A comment. One that is gone keeps its place while it has answers: it has no author and no text."""

    id = serializers.UUIDField()
    author = serializers.SerializerMethodField(help_text="A name; null where it is gone.")
    text = serializers.SerializerMethodField()
    mentioned = serializers.SerializerMethodField(help_text="Names of the people whom it calls with an @.")
    answered = serializers.UUIDField(source="answered_id", allow_null=True, help_text="The comment that it answers.")
    is_gone = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    edited_at = serializers.DateTimeField(allow_null=True)

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_author(self, comment: Comment) -> str | None:
        """Who wrote it."""
        return None if comment.is_gone or comment.author is None else comment.author.username

    def get_text(self, comment: Comment) -> str:
        """Its words."""
        return "" if comment.is_gone else comment.text

    def get_mentioned(self, comment: Comment) -> list[str]:
        """Whom it calls."""
        return [] if comment.is_gone else sorted(person.username for person in comment.mentioned.all())


@extend_schema_serializer(component_name="Comment")
class CommentOutput(AnswerOutput):
    """A comment with its first answers."""

    answers = AnswerOutput(many=True)
    further_answers = serializers.IntegerField(help_text="How many more there are; the comment alone has them all.")


@extend_schema_serializer(component_name="CommentPage")
class CommentPageOutput(serializers.Serializer[Any]):
    """A page of comments."""

    results = CommentOutput(many=True)
    next_cursor = serializers.CharField(allow_null=True, help_text="Null on the last page.")


class CommentsView(ApiView):
    """What was said below a picture."""

    @extend_schema(
        operation_id="list_comments",
        summary="Comments on a picture",
        parameters=PAGING,
        responses=answers(200, CommentPageOutput, 404, 422),
    )
    def get(self, request: Request, image_id: UUID) -> Response:
        """Oldest first, each with its first three answers."""
        user = caller(request)
        publication = selectors.publication_of(user, image_id)
        size, cursor = requested_limit(request), request.query_params.get("cursor")
        talk = selectors.talk(user, publication, cursor=cursor, size=size)
        return Response({"results": comment_bodies(talk.threads), "next_cursor": talk.next_cursor})

    @extend_schema(
        operation_id="post_comment",
        summary="Comment on a picture",
        request=NewCommentInput,
        responses=answers(201, AnswerOutput, *WITH_BODY, 404, 429),
    )
    def post(self, request: Request, image_id: UUID) -> Response:
        """Says something below a picture, or answers what was said there."""
        values = checked(NewCommentInput, request)
        made = post_comment(caller(request), image_id, values["text"], answered=values.get("answered"))
        return Response(AnswerOutput(made).data, status=status.HTTP_201_CREATED)


class CommentView(ApiView):
    """One comment."""

    @extend_schema(
        operation_id="get_comment", summary="A comment and its answers", responses=answers(200, CommentOutput, 404)
    )
    def get(self, request: Request, image_id: UUID, comment_id: UUID) -> Response:
        """With up to 300 answers; of an answer, what it answers."""
        talk = selectors.thread_talk(caller(request), comment_id, below=image_id)
        return Response(comment_bodies(talk.threads)[0])

    @extend_schema(
        operation_id="edit_comment",
        summary="Edit a comment",
        request=CommentInput,
        responses=answers(200, AnswerOutput, *WITH_BODY, 404),
    )
    def patch(self, request: Request, image_id: UUID, comment_id: UUID) -> Response:
        """One's own; it says from then on that it was edited."""
        values = checked(CommentInput, request)
        edited = edit_comment(caller(request), comment_id, values["text"], below=image_id)
        return Response(AnswerOutput(edited).data)

    @extend_schema(operation_id="delete_comment", summary="Delete a comment", responses=answers(204, None, 403, 404))
    def delete(self, request: Request, image_id: UUID, comment_id: UUID) -> Response:
        """One's own, or any below one's own picture. Its place stays while it has answers."""
        delete_comment(caller(request), comment_id, below=image_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


def comment_bodies(threads: Iterable[selectors.Thread]) -> list[dict[str, Any]]:
    """The bodies of these comments and their answers, in their order."""
    return [
        {
            **AnswerOutput(thread.comment).data,
            "answers": AnswerOutput(thread.answers, many=True).data,
            "further_answers": thread.further,
        }
        for thread in threads
    ]
