"""Errors of the REST API as RFC 9457 problem bodies, each with a stable `code`."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler as drf_exception_handler

from mjweb.common.errors import InvalidInputError, MjwebError, NotFoundError

CONTENT_TYPE = "application/problem+json"


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """The one answer of the API to every failure it knows; None lets an unknown one become a 500."""
    ours = _translated(error)
    if ours is not None:
        return Response(ours.as_problem(), status=ours.status, content_type=CONTENT_TYPE)
    response = drf_exception_handler(error, context)
    if response is not None and isinstance(error, exceptions.APIException):
        response.data = _drf_problem(error, response.status_code)
        response.content_type = CONTENT_TYPE
    return response


def _translated(error: Exception) -> MjwebError | None:
    if isinstance(error, MjwebError):
        return error
    if isinstance(error, Http404):
        return NotFoundError("There is nothing at this address.")
    if isinstance(error, exceptions.ValidationError):
        return InvalidInputError(_first_sentence(error.detail), errors=error.detail)
    return None


def _drf_problem(error: exceptions.APIException | PermissionDenied, status: int) -> dict[str, Any]:
    detail = getattr(error, "detail", "")
    code = getattr(detail, "code", "error")
    return {"type": "about:blank", "title": str(code).replace("_", " ").capitalize(), "status": status, "code": code, "detail": str(detail)}


def _first_sentence(detail: Any) -> str:
    """The first message of a nested DRF error, with the name of its field in front."""
    if isinstance(detail, dict):
        name, inner = next(iter(detail.items()))
        return f"{name}: {_first_sentence(inner)}"
    if isinstance(detail, list):
        return _first_sentence(detail[0]) if detail else "The request is not valid."
    return str(detail)
