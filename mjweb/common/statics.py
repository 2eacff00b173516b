"""How text travels: static files under names that tell their content, and everything that is words compressed."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.urls import reverse
from django.views.decorators.http import require_safe
from whitenoise.storage import CompressedManifestStaticFilesStorage

from mjweb.common.access import public

STYLES: Final = Path(__file__).parents[2] / "static" / "css" / "site.css"
FOREVER: Final = "public, max-age=31536000, immutable"
_IMPORT: Final = re.compile(r'^@import url\("([^"]+)"\);$', re.MULTILINE)

_WORDS: Final = ("text/", "application/json", "application/problem+json", "application/manifest+json", "image/svg+xml")


class HashedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no types
    """For production: a browser may keep every file forever.

    Modules name the hashed names of those that they import, so that none of a new version meets one of an old.
    """

    support_js_module_import_aggregation = True
    # Ours alone: what packages bring along imports things that are not there.
    _js_module_import_aggregation_patterns = (
        "js/*.js",
        CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1],  # noqa: SLF001 - Django's
    )


class CompressingMiddleware(GZipMiddleware):
    """Pages, scripts and sheets at a quarter of their size; pictures and archives are left as they are."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """The answer, compressed where its reader takes that."""
        if not response.get("Content-Type", "").startswith(_WORDS):
            return response
        tag = response.get("ETag")
        compressed = super().process_response(request, response)
        if tag and compressed.streaming:
            compressed["ETag"] = tag  # of a static file: whitenoise knows it again by every letter
        return compressed


@public
@require_safe
def sheet(request: HttpRequest) -> HttpResponse:
    """All our styles in one answer: who follows the imports of site.css waits for each of them."""
    text, digest = one_sheet()
    answer = HttpResponse(text, content_type="text/css; charset=utf-8")
    answer["Cache-Control"] = FOREVER if request.GET.get("v") == digest else "no-cache"
    return answer


def sheet_address() -> str:
    """Where a page finds them; another address as soon as anything in them is another."""
    return f"{reverse('sheet')}?v={one_sheet()[1]}"


def one_sheet() -> tuple[str, str]:
    """site.css with every sheet in the place of its import, and a digest of it. What was edited is read anew."""
    names = _IMPORT.findall(STYLES.read_text(encoding="utf-8"))
    files = (STYLES, *(STYLES.parent / name for name in names))
    return _joined(tuple(file.stat().st_mtime_ns for file in files))


@lru_cache(maxsize=1)
def _joined(_edited: tuple[int, ...]) -> tuple[str, str]:
    whole = STYLES.read_text(encoding="utf-8")
    text = _IMPORT.sub(lambda found: (STYLES.parent / found[1]).read_text(encoding="utf-8"), whole)
    return text, hashlib.sha256(text.encode()).hexdigest()[:12]
