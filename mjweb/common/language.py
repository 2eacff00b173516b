"""Which language a person reads: the one they chose, kept in a cookie, else what their browser asks for."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from mjweb.common.access import public

WRITTEN = (
    "text/html",
    "text/plain",
    "application/json",
    "application/problem+json",
    "application/manifest+json",
    "application/atom+xml",
)
"""Kinds of answers that are in a language. A picture is in none, and a cache may give it to everybody."""


class LanguageMiddleware(LocaleMiddleware):
    """Answers each request in its person's language, and tells caches by what the answer was chosen."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Names the language of what is written, and that it follows the cookie and the browser."""
        if not response.headers.get("Content-Type", "").startswith(WRITTEN):
            return response
        answer = super().process_response(request, response)
        patch_vary_headers(answer, ("Cookie",))
        return answer


@public
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Keeps the chosen language in this browser and leads back to where the person was."""
    return set_language(request)
