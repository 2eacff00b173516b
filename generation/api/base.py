"""What every endpoint stands on: one form of failure, bounded JSON bodies, pages and idempotency keys."""

from __future__ import annotations

import io
from typing import IO, Any, ClassVar, Final, TypeVar, cast

from django.db.models import Model, QuerySet
from rest_framework import exceptions, serializers
from rest_framework.parsers import BaseParser, JSONParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from generation.prompts.problems import PromptErrors
from mjweb.accounts.models import User
from mjweb.common.errors import InvalidInputError
from mjweb.common.pagination import Page, keyset_page
from mjweb.common.saying import say, sayable

MAX_BODY_BYTES: Final = 64 * 1024
MAX_KEY_CHARS: Final = 200
PAGE_SIZE: Final = 20
MAX_PAGE_SIZE: Final = 100

Row = TypeVar("Row", bound=Model)


class BodyTooLargeError(exceptions.APIException):
    """No request of this API needs such a long body."""

    status_code = 413
    default_code = "body_too_large"
    default_detail = sayable("A request body has at most {most} bytes.")
    most: ClassVar[str] = f"{MAX_BODY_BYTES:,}"

    def __init__(self) -> None:
        """The sentence, with the most that there may be."""
        super().__init__(say(self.default_detail, most=self.most))


class BoundedJSONParser(JSONParser):
    """JSON that is read only up to a limit, whatever the headers say of its length."""

    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None) -> Any:
        """The parsed body.

        Raises:
            BodyTooLargeError: it is longer than the limit.
            ParseError: it is not JSON, or nested too deeply to be a request.
        """
        content = stream.read(MAX_BODY_BYTES + 1)
        if len(content) > MAX_BODY_BYTES:
            raise BodyTooLargeError
        try:
            return super().parse(io.BytesIO(content), media_type, parser_context)
        except RecursionError as error:
            msg = say("The body is nested too deeply.")
            raise exceptions.ParseError(msg) from error


class StrictSerializer(serializers.Serializer[Any]):
    """Input whose unknown fields are errors: a misspelled option must not be ignored in silence."""

    def to_internal_value(self, data: Any) -> Any:
        """The checked values.

        Raises:
            ValidationError: a field is unknown or wrong.
        """
        values = super().to_internal_value(data)
        if unknown := sorted(set(data) - set(self.fields)):
            sentence = say("There is no such field here.")
            raise serializers.ValidationError({name: [sentence] for name in unknown}, code="unknown_field")
        return values


class ApiView(APIView):
    """An endpoint of `/api/v1`: bearer token or session, JSON in and out."""

    parser_classes: tuple[type[BaseParser], ...] = (BoundedJSONParser,)

    def handle_exception(self, exc: Exception) -> Response:
        """Lists prompt problems where every other refused field is listed: under `errors`, with their columns."""
        if isinstance(exc, PromptErrors):
            exc.fields = {"errors": [{"field": "prompt", **problem.to_json()} for problem in exc.problems]}
        return super().handle_exception(exc)


def caller(request: Request) -> User:
    """The person whose token or session the request carries."""
    return cast("User", request.user)


def checked(serializer: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    """The request's body as this serializer describes it.

    Raises:
        ValidationError: it is something else.
    """
    body = serializer(data=request.data)
    body.is_valid(raise_exception=True)
    return dict(body.validated_data)


def idempotency_key(request: Request) -> str | None:
    """The `Idempotency-Key` header; None when the request has none.

    Raises:
        InvalidInputError: it is empty, over 200 characters long or not printable ASCII.
    """
    key = request.headers.get("Idempotency-Key")
    if key is not None and not (0 < len(key) <= MAX_KEY_CHARS and key.isascii() and key.isprintable()):
        msg = say("An Idempotency-Key has 1 to {most} printable ASCII characters.", most=MAX_KEY_CHARS)
        raise InvalidInputError(msg, header="Idempotency-Key")
    return key


def requested_page(queryset: QuerySet[Row], request: Request) -> Page[Row]:
    """The page that `cursor` and `limit` ask for, newest first.

    Raises:
        InvalidInputError: the cursor is not one of ours, or the limit is no number from 1 to 100.
    """
    return keyset_page(queryset, cursor=request.query_params.get("cursor"), size=requested_limit(request))


def requested_limit(request: Request) -> int:
    """How many rows `limit` asks for.

    Raises:
        InvalidInputError: it is no number from 1 to 100.
    """
    limit = request.query_params.get("limit", str(PAGE_SIZE))
    if not (limit.isascii() and limit.isdigit() and len(limit) <= len(str(MAX_PAGE_SIZE))):
        raise _limit_error()
    if not 1 <= int(limit) <= MAX_PAGE_SIZE:
        raise _limit_error()
    return int(limit)


def _limit_error() -> InvalidInputError:
    return InvalidInputError(say("limit is a number from 1 to {most}.", most=MAX_PAGE_SIZE), parameter="limit")
