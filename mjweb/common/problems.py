"""Errors of the REST API as RFC 9457 problem bodies, each with a stable `code`.

A body that is refused lists everything wrong with it under `errors`: `code`, `sentence` and `field` (dotted).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler as drf_exception_handler

from mjweb.common.errors import InvalidInputError, MjwebError, NotFoundError, UnavailableError
from mjweb.common.saying import say, sayable

CONTENT_TYPE: Final = "application/problem+json"
RETRY_AFTER_S: Final = {429: "5", 503: "3"}
TITLES: Final = (
    sayable("Authentication failed"),
    sayable("Body too large"),
    sayable("Invalid token"),
    sayable("Method not allowed"),
    sayable("Not acceptable"),
    sayable("Not authenticated"),
    sayable("Parse error"),
    sayable("Permission denied"),
    sayable("Throttled"),
    sayable("Unsupported media type"),
)
"""Of what REST framework refuses by itself: its codes, as people read them."""


class NotSignedInError(MjwebError):
    """The request carries no token or session, or a token that is not one of ours."""

    code = "not_authenticated"
    status = 401
    title = sayable("Sign in first")


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """The one answer of the API to every failure it knows; None lets an unknown one become a 500."""
    ours = _translated(error)
    response = Response(status=ours.status) if ours else drf_exception_handler(error, context)
    if response is None:
        return None
    response.data = ours.as_problem() if ours else _drf_problem(error, response.status_code)
    response.content_type = CONTENT_TYPE
    if response.status_code in RETRY_AFTER_S:
        known = ours.fields.get("retry_after_s") if ours else None
        response["Retry-After"] = str(known or RETRY_AFTER_S[response.status_code])
    return response


def _translated(error: Exception) -> MjwebError | None:
    if isinstance(error, MjwebError):
        return error
    if isinstance(error, Http404):
        return NotFoundError(say("There is nothing at this address."))
    if isinstance(error, exceptions.ValidationError):
        errors = list(_field_errors(error.detail))
        return InvalidInputError(_first_sentence(errors), errors=errors)
    if isinstance(error, (OperationalError, InterfaceError)):
        return UnavailableError(say("The database does not answer at the moment. Try again in a few seconds."))
    return None


def _drf_problem(error: Exception, status: int) -> dict[str, Any]:
    if isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    detail = getattr(error, "detail", "")
    code = str(getattr(detail, "code", "error"))
    title = say(code.replace("_", " ").capitalize())
    return {"type": "about:blank", "title": title, "status": status, "code": code, "detail": str(detail)}


def _field_errors(detail: Any, field: str = "") -> Iterator[dict[str, str]]:
    """Every message of a nested DRF error with its code and the dotted name of its field."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            own = "" if name == "non_field_errors" else str(name)
            yield from _field_errors(inner, f"{field}.{own}".strip("."))
    elif isinstance(detail, list):
        for inner in detail:
            yield from _field_errors(inner, field)
    else:
        yield {"code": str(getattr(detail, "code", "invalid")), "sentence": str(detail), "field": field}


def _first_sentence(errors: list[dict[str, str]]) -> str:
    """The first message, with the name of its field in front."""
    if not errors:
        return say("The request is not valid.")
    first = errors[0]
    return f"{first['field']}: {first['sentence']}" if first["field"] else first["sentence"]
