"""One place turns a raised error into an answer, in the form the asker understands."""

from __future__ import annotations

from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render

from mjweb.common.errors import MjwebError, UnavailableError
from mjweb.common.problems import CONTENT_TYPE
from mjweb.common.saying import say


class ErrorMiddleware:
    """Answers a view's MjwebError with a fragment (htmx), a problem body (JSON) or a page (everybody else).

    A lost database becomes a 503 that asks to come back, instead of a traceback.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Passes the request on; only exceptions interest this middleware."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Called by Django with what the view raised; None passes it on."""
        if isinstance(error, (OperationalError, InterfaceError)):
            error = UnavailableError(say("The database does not answer at the moment. Try again in a few seconds."))
        if not isinstance(error, MjwebError):
            return None
        response = self._answer(request, error)
        if error.status == UnavailableError.status or "retry_after_s" in error.fields:
            response["Retry-After"] = str(error.fields.get("retry_after_s", 3))
        return response

    def _answer(self, request: HttpRequest, error: MjwebError) -> HttpResponse:
        if request.headers.get("HX-Request"):
            return render(request, "_error.html", {"error": error}, status=error.status)
        if "application/json" in request.headers.get("Accept", ""):
            return JsonResponse(error.as_problem(), status=error.status, content_type=CONTENT_TYPE)
        return render(request, "error.html", {"error": error}, status=error.status)
