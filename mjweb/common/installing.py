"""What a browser needs to keep mjweb beside the other programs of a device."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mjweb.common.access import public


@public
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """Name, icons and first page. Browsers ask for it without cookies: its language is the browser's."""
    return render(request, "manifest.webmanifest", content_type="application/manifest+json")
